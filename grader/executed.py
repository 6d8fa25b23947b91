"""The executed notebook: the one that was handed in, with what its cells printed now."""

from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignments import Graded
from grader.load.notebook import BrokenNotebookError, open_notebook

if TYPE_CHECKING:
    from nbformat import NotebookNode


def write_executed(notebook: Path, target: Path, graded: Graded) -> None:
    """Write `notebook` to `target` with the outputs of this run in the place of those that
    it came with, each child's prints in the cell that started it.
    """
    import nbformat

    copy = open_notebook(notebook)
    if any(
        _is_gone(copy.cells, part.cell) for part in graded.parts if part.index in graded.outputs
    ):
        raise BrokenNotebookError(f"{notebook} was changed while it was graded.")
    copy.setdefault("nbformat", 4)
    copy.setdefault("nbformat_minor", 4)
    for cell in copy.cells:
        if cell.get("cell_type") == "code":
            cell.outputs, cell.execution_count = [], None
    count = 0
    for part in graded.parts:
        if part.index in graded.outputs:
            cell = copy.cells[part.cell]
            if cell.execution_count is None:
                count += 1
                cell.execution_count = count
            cell.outputs += [_counted(output, count) for output in graded.outputs[part.index]]
    # Half a pair of UTF-16, which is no text, becomes its escape in JSON.
    text = nbformat.writes(copy) + "\n"
    target.write_text(text, encoding="utf-8", errors="backslashreplace")


def _is_gone(cells: "list[NotebookNode]", number: int) -> bool:
    """Whether a cell that was run is there no longer, since the program wrote its own notebook."""
    return number >= len(cells) or cells[number].get("cell_type") != "code"


def _counted(output: "NotebookNode", count: int) -> "NotebookNode":
    """A result says of which cell it is; each kernel that it took counted by itself."""
    if output.output_type != "execute_result":
        return output
    return type(output)({**output, "execution_count": count})

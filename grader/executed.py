"""The executed notebook: the one that was handed in, with what its cells printed now."""

from pathlib import Path

from grader.assignments import Graded


def write_executed(notebook: Path, target: Path, graded: Graded) -> None:
    """Write `notebook` to `target` with the outputs of this run in the place of those that
    it came with, each child's prints in the cell that started it.
    """
    import nbformat

    copy = nbformat.read(notebook, as_version=4)
    for cell in copy.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    count = 0
    for part in graded.parts:
        if part.index in graded.outputs:
            count += 1
            cell = copy.cells[part.cell]
            cell.outputs += graded.outputs[part.index]
            cell.execution_count = count
    nbformat.write(copy, target)

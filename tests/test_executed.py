"""The executed notebook: what was handed in, with what its cells printed when it was graded."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from grader.grading import grade
from grader.mark import Report
from grader.settings import Settings
from grader.trace import Limits

START = """import os
from multiprocessing import Process, Event

go = Event()
def show(number):
    go.wait()
    print("number", number)

children = [Process(target=show, args=(number,)) for number in range(4)]
for child in children:
    child.start()
print("kernel")"""

JOIN = """go.set()
for child in children:
    child.join()
print("joined")"""


def _stored(source: str) -> Any:
    """A code cell with an output of another day."""
    old = v4.new_output("stream", name="stdout", text="of another day")
    return v4.new_code_cell(source, outputs=[old], execution_count=17)


CELLS = (
    v4.new_markdown_cell("# Q6. Create 4 processes"),
    _stored(START),
    _stored(JOIN),
    v4.new_markdown_cell("# The rest"),
    _stored("1 / 0"),
    _stored(""),
    _stored("6 * 7"),
    v4.new_raw_cell("raw"),
    _stored("!echo command"),
)


def _handed_in(folder: Path, cells: Sequence[Any] = CELLS, **more: Any) -> Path:
    path = folder / "q6.ipynb"
    nbformat.write(v4.new_notebook(cells=list(cells), **more), path)
    return path


def _executed(path: Path, *ids: str, **settings: Any) -> tuple[Any, Report]:
    """The executed notebook and the report."""
    target = path.with_name("out.ipynb")
    chosen = Settings(**{"limits": Limits(wall_time=60), "portable": False, **settings})
    report = grade(path, ids or ["q6"], chosen, executed=target)
    notebook = nbformat.read(target, as_version=4)
    nbformat.validate(notebook)
    return notebook, report


def _said(cell: Any) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_it_is_the_same_notebook_with_the_outputs_of_this_run(tmp_path: Path) -> None:
    path = _handed_in(tmp_path, metadata={"author": "ada"})
    before = path.read_bytes()
    notebook, report = _executed(path)
    assert path.read_bytes() == before
    original = nbformat.read(path, as_version=4)
    assert notebook.metadata == original.metadata
    for own, other in zip(notebook.cells, original.cells, strict=True):
        assert (own.cell_type, own.source, own.id) == (other.cell_type, other.source, other.id)
    assert "of another day" not in str(notebook)
    assert [exercise.status for exercise in report.exercises] == ["passed"]


def test_each_childs_prints_stand_in_the_cell_that_started_it(tmp_path: Path) -> None:
    # The children print once the next cell lets them.
    notebook, _report = _executed(_handed_in(tmp_path))
    start, join = notebook.cells[1:3]
    said = _said(start).splitlines()
    assert said[0] == "kernel"
    assert sorted(said[1:]) == [f"number {number}" for number in range(4)]
    assert _said(join) == "joined\n"


def test_what_stands_after_the_answer_is_run_too_and_errors_are_kept(tmp_path: Path) -> None:
    notebook, _report = _executed(_handed_in(tmp_path))
    failing, _empty, result, _raw, command = notebook.cells[4:]
    (error,) = failing.outputs
    assert (error.output_type, error.ename) == ("error", "ZeroDivisionError")
    assert error.traceback
    (shown,) = result.outputs
    assert (shown.output_type, shown.data) == ("execute_result", {"text/plain": "42"})
    assert _said(command) == "command\n"


def test_the_cells_that_ran_are_counted_in_their_order(tmp_path: Path) -> None:
    notebook, _report = _executed(_handed_in(tmp_path))
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    # An empty cell is none that Jupyter would run.
    assert counts == [1, 2, 3, None, 4, 5]


def test_the_count_of_a_result_is_that_of_its_cell(tmp_path: Path) -> None:
    # Under a new kernel too, which begins to count anew.
    cells = [v4.new_code_cell(source) for source in ("1", "import os; os._exit(1)", "3", "4")]
    notebook, _report = _executed(_handed_in(tmp_path, cells))
    counts = [cell.execution_count for cell in notebook.cells]
    assert counts == [1, 2, 3, 4]
    results = [cell.outputs[0].execution_count for cell in notebook.cells if cell.outputs]
    assert results == [1, 3, 4]


def test_cells_that_could_not_be_run_keep_no_output_of_another_day(tmp_path: Path) -> None:
    cells = [
        _stored("print('first')"),
        _stored("import os; os._exit(1)"),
        _stored("print('last')"),
    ]
    notebook, _report = _executed(_handed_in(tmp_path, cells))
    assert [_said(cell) for cell in notebook.cells] == ["first\n", "", "last\n"]


def test_a_cell_that_holds_several_answers_has_the_outputs_of_all(tmp_path: Path) -> None:
    source = """# Q3. Create a process
from multiprocessing import Process
p = Process(target=print, args=("three",))
p.start()
p.join()

# Q6. Create 4 processes that each print a different number
children = [Process(target=print, args=(n,)) for n in range(4)]
for child in children:
    child.start()
for child in children:
    child.join()
"""
    notebook, report = _executed(_handed_in(tmp_path, [_stored(source)]), "q3", "q6")
    (cell,) = notebook.cells
    assert sorted(_said(cell).split()) == ["0", "1", "2", "3", "three"]
    assert cell.execution_count == 1
    assert [exercise.status for exercise in report.exercises] == ["passed", "passed"]


_OLD_CELL: dict[str, Any] = {"cell_type": "code", "language": "python", "collapsed": False}
_CELL: dict[str, Any] = {"cell_type": "code", "source": "print(1)"}
_WHOLE: dict[str, Any] = {"metadata": {}, "outputs": [], "execution_count": None}
FORMS: dict[str, dict[str, Any]] = {
    "3": {
        "nbformat": 3,
        "worksheets": [{"cells": [_OLD_CELL | {"input": "print(1)", "outputs": []}]}],
    },
    "4.0": {"nbformat": 4, "nbformat_minor": 0, "metadata": {}, "cells": [_CELL | _WHOLE]},
    "4.4": {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [_CELL | _WHOLE]},
    "without what does not matter": {"nbformat": 4, "nbformat_minor": 4, "cells": [_CELL]},
}


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "BOM"])
@pytest.mark.parametrize("form", FORMS)
def test_a_notebook_in_any_form_that_is_graded_can_be_written(
    tmp_path: Path, form: str, mark: str
) -> None:
    path = tmp_path / "q6.ipynb"
    path.write_text(mark + json.dumps(FORMS[form]), encoding="utf-8")
    executed, _report = _executed(path)
    assert _said(executed.cells[0]) == "1\n"


def test_it_may_be_written_over_the_notebook_itself(tmp_path: Path) -> None:
    path = _handed_in(tmp_path, [_stored("print('now')")])
    grade(path, ["q6"], Settings(portable=False), executed=path)
    assert _said(nbformat.read(path, as_version=4).cells[0]) == "now\n"


def test_nothing_but_the_executed_notebook_is_written(tmp_path: Path) -> None:
    _executed(_handed_in(tmp_path))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.ipynb", "q6.ipynb"]

import json
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from grader.batch.work import (
    Graded,
    Task,
    decoded_contents,
    decoded_trace,
    grade_task,
    ungraded,
)
from grader.handed_in import HandedInFile
from grader.mark import ExerciseReport
from grader.sources import Cell, cells_of
from tests.batch.classes import LOOP, Q6, task
from tests.conftest import ROOT


def _grade(given: Task) -> tuple[Graded, dict[str, ExerciseReport]]:
    graded = msgspec.json.decode(grade_task(msgspec.json.encode(given)), type=Graded)
    reports = {
        each.id: msgspec.json.decode(each.report, type=ExerciseReport) for each in graded.exercises
    }
    return graded, reports


def test_a_submission_is_graded_from_its_bytes_alone() -> None:
    graded, reports = _grade(task("ada", Q6))
    assert (graded.learner, reports["q6"].status, reports["q6"].points) == ("ada", "passed", 10)


def test_the_trace_is_kept_beside_the_report_and_not_in_it() -> None:
    graded, reports = _grade(task("ada", Q6))
    trace = decoded_trace(graded.exercises[0].trace)
    assert reports["q6"].trace is None
    assert trace is not None
    assert len(trace.processes) == 5


def test_nothing_tells_where_a_submission_lay_while_it_was_graded() -> None:
    graded, reports = _grade(task("ada", Q6, ids=("q3", "q6")))
    trace = decoded_trace(graded.exercises[1].trace)
    assert trace is not None
    assert trace.program == "q6.py"
    told = msgspec.json.encode((trace, *reports.values())).decode()
    assert "grade-" not in told
    assert "There is no q3.py in what was handed in" in reports["q3"].note


def test_what_could_not_be_read_is_told_where_an_answer_is_missing() -> None:
    why = "hw.zip is encrypted: hand it in without a password."
    _, reports = _grade(structs.replace(task("ada", ids=("q3", "q6")), problems=(why,)))
    assert why in reports["q3"].note
    assert why not in reports["q6"].note


def test_files_in_folders_lie_where_they_lay() -> None:
    files = (
        HandedInFile("q6.py", b"import helpers.numbers\n" + Q6),
        HandedInFile("helpers/numbers.py", b""),
    )
    _, reports = _grade(structs.replace(task("ada"), files=files))
    assert reports["q6"].status == "passed"


def test_questions_in_words_are_looked_for_and_never_marked() -> None:
    notebook = (ROOT / "exercises" / "assignment.ipynb").read_bytes()
    files = (HandedInFile("assignment.ipynb", notebook),)
    _, reports = _grade(structs.replace(task("ada", ids=("q1", "q6")), files=files))
    assert [(r.status, r.max_points) for r in reports.values()] == [("absent", 0), ("absent", 10)]
    _, reports = _grade(task("bob", ids=("q1",)))
    assert reports["q1"].status == "absent"


def test_an_error_of_the_kit_is_a_report_and_costs_no_points(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("for a test")

    monkeypatch.setattr("grader.batch.work.grade", broken)
    graded, reports = _grade(task("ada", ids=("q1", "q6")))
    assert [each.status for each in graded.exercises] == ["error", "error"]
    assert reports["q6"].note == "the kit itself failed: RuntimeError: for a test"
    assert reports["q6"].max_points == 10


def test_programs_are_kept_and_notebooks_without_what_they_printed() -> None:
    cells = [
        {
            "cell_type": "code",
            "source": "1 + 1",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "x" * 5000}],
            "metadata": {},
            "execution_count": 1,
        },
        {"cell_type": "markdown", "source": "# Q1", "attachments": {"a": "b"}, "metadata": {}},
    ]
    notebook = json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4, "metadata": {}})
    files = (
        HandedInFile("q6.py", LOOP),
        HandedInFile("all.ipynb", notebook.encode()),
        HandedInFile("broken.ipynb", b"no json"),
        HandedInFile("data.bin", b"\0" * 100),
    )
    graded = ungraded(structs.replace(task("ada"), files=files), "for a test")
    program, kept, broken, data = decoded_contents(graded.contents)
    assert (program, broken) == (files[0], files[2])
    assert data == HandedInFile("data.bin", b"")
    assert cells_of(kept.data) == (Cell("code", "1 + 1"), Cell("markdown", "# Q1"))
    assert len(kept.data) < 100


def test_a_submission_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("grader.run.scratch._LONGEST_BASE", 1000)
    _grade(task("ada", Q6))
    assert list(tmp_path.iterdir()) == []

"""Every whole assignment of the zoo is judged as expected.toml says, whoever observes it."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.checks import exercise_ids
from grader.grading import grade
from grader.load import Assignment, load, prose_ids
from grader.mark import ExerciseReport
from grader.settings import Settings
from grader.trace import Limits
from tests.conftest import BEST, ROOT, Way, options_of

FOLDER = ROOT / "tests" / "submissions" / "assignments"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads(
    (FOLDER / "expected.toml").read_text(encoding="utf-8")
)
QUESTIONS = tuple(sorted({*exercise_ids(), *prose_ids()}))
COLD = ("questions_as_headings.ipynb", "builtins_overwritten.ipynb", "os_exit_before_q6.ipynb")

BROKEN = {"not_json.ipynb", "empty.ipynb", "a_script_called_notebook.ipynb"}


def _graded(name: str, folder: Path, **settings: Any) -> dict[str, ExerciseReport]:
    """The reports on a copy of the file, since cells may write files beside it."""
    file = Path(shutil.copy(FOLDER / name, folder))
    limits = Limits(wall_time=EXPECTED[name].get("time-limit", 20))
    report = grade(file, QUESTIONS, Settings(limits=limits, portable=False, **settings))
    return {each.id: each for each in report.exercises}


def _status(report: ExerciseReport) -> str:
    failed = [check.id for check in report.checks if check.status == "failed"]
    return f"{report.status}: {failed[0]}" if failed else report.status


def _said(report: ExerciseReport) -> str:
    failed = [check.message for check in report.checks if check.status == "failed"]
    return failed[0] if failed else report.note


def _assert_as_expected(name: str, reports: dict[str, ExerciseReport]) -> None:
    expected = EXPECTED[name]
    statuses = {id_: _status(report) for id_, report in reports.items()}
    assert statuses == {id_: expected.get(id_, "absent") for id_ in statuses}, "\n".join(
        f"{id_}: {_said(report)}" for id_, report in reports.items()
    )
    for id_, words in expected.get("says", {}).items():
        for said in words:
            assert said.lower() in _said(reports[id_]).lower()
    for place in ("cells", "lines"):
        for id_, taken in expected.get(place, {}).items():
            answer = reports[id_].answer
            assert answer is not None
            assert list(getattr(answer, place)) == taken


HANGING = [name for name, expected in EXPECTED.items() if expected.get("time-limit", 3) < 3]


@pytest.mark.parametrize("way", [BEST, "portable"])
@pytest.mark.parametrize("name", sorted(EXPECTED.keys() - HANGING))
def test_a_whole_assignment_is_judged_as_expected(name: str, way: Way, tmp_path: Path) -> None:
    _assert_as_expected(name, _graded(name, tmp_path, **options_of(way)))


@pytest.mark.parametrize("name", HANGING)
def test_one_that_hangs_for_a_while_is_judged_as_expected(name: str, tmp_path: Path) -> None:
    _assert_as_expected(name, _graded(name, tmp_path))


def test_every_file_is_expected_and_every_notebook_that_can_be_read_is_valid() -> None:
    files = {file.name for file in FOLDER.iterdir() if file.suffix in (".ipynb", ".py")}
    assert files == set(EXPECTED)
    for name in files - BROKEN:
        file = FOLDER / name
        assert load(file, "q6") == Assignment(file)
        if file.suffix == ".ipynb":
            nbformat.read(file, as_version=nbformat.NO_CONVERT)


@pytest.mark.parametrize("name", COLD)
def test_a_kernel_that_begins_cold_leads_to_the_same_verdicts(name: str, tmp_path: Path) -> None:
    _assert_as_expected(name, _graded(name, tmp_path, warm=False))

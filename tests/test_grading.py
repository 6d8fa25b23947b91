"""Grading one submission: what is run how often, and what comes of it.

The programs here say in a file beside them under which start method they ran.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.grading import grade
from grader.mark import CheckResult, ExerciseReport
from grader.run.environment import default_start_method
from grader.run.runner import ObserverName, RunError, run
from grader.settings import Settings
from grader.trace import Limits, Trace
from tests.conftest import OBSERVERS

HEAD = """
import multiprocessing
import sys
import time
from multiprocessing import Pool, Process, get_start_method

def note():
    with open("runs.txt", "a") as file:
        print(get_start_method(), file=file)

def work():
    pass
"""

RIGHT = f"""
{HEAD}
if __name__ == "__main__":
    note()
    process = Process(target=work)
    process.start()
    process.join()
"""

WRONG = RIGHT.replace("process.join()", "process.terminate(); sys.exit(1)")

PORTABLE_METHODS = ["spawn"] if sys.platform == "win32" else ["spawn", "forkserver"]
OTHERS = [method for method in PORTABLE_METHODS if method != default_start_method()]

needs_fork = pytest.mark.skipif(
    default_start_method() != "fork",
    reason="what does not work elsewhere does not work here either",
)

UNHURRIED = Limits(wall_time=60)
ENDLESS = Limits(wall_time=3000)
"""Beyond pytest-timeout's: a run that went on until this limit would fail its test."""


def _graded(path: Path, exercise: str = "q3", **settings: Any) -> ExerciseReport:
    chosen = Settings(**{"limits": UNHURRIED, "sandbox": "off", **settings})
    (report,) = grade(path, [exercise], chosen).exercises
    return report


def _runs(path: Path) -> list[str]:
    return (path.parent / "runs.txt").read_text().split()


def _advice(report: ExerciseReport) -> CheckResult:
    advice = report.checks[-1]
    assert advice.id == "portable"
    assert (advice.points, advice.max_points) == (0, 0)
    return advice


@pytest.fixture(params=OBSERVERS)
def observer(request: pytest.FixtureRequest) -> ObserverName:
    chosen: ObserverName = request.param
    return chosen


# -- the advice about other start methods --------------------------------------------------


def test_a_program_that_passed_is_run_again_under_every_other_start_method(
    program: Callable[..., Path], observer: ObserverName
) -> None:
    path = program(RIGHT)
    report = _graded(path, observer=observer)
    assert _runs(path) == [default_start_method(), *OTHERS]
    assert (report.status, report.points) == ("passed", 10)
    advice = _advice(report)
    assert (advice.status, advice.hint) == ("passed", "")
    for method in OTHERS:
        assert method in advice.message


def test_a_program_that_failed_is_run_once(program: Callable[..., Path]) -> None:
    path = program(WRONG)
    report = _graded(path)
    assert _runs(path) == [default_start_method()]
    assert report.status == "failed"
    assert _advice(report).status == "skipped"


def test_no_portable_leaves_the_advice_and_its_runs_out(program: Callable[..., Path]) -> None:
    path = program(RIGHT)
    report = _graded(path, portable=False)
    assert _runs(path) == [default_start_method()]
    assert "portable" not in [check.id for check in report.checks]
    assert (report.status, report.points) == ("passed", 10)


@pytest.mark.parametrize("method", PORTABLE_METHODS)
def test_the_start_method_that_it_passed_with_is_not_looked_at_again(
    program: Callable[..., Path], method: str
) -> None:
    path = program(RIGHT)
    _graded(path, start_method=method)
    assert _runs(path) == [method, *(other for other in PORTABLE_METHODS if other != method)]


def test_a_program_that_chooses_its_start_method_itself_gets_that_one(
    program: Callable[..., Path],
) -> None:
    path = program(
        RIGHT.replace("note()\n", "multiprocessing.set_start_method('spawn'); note()\n")
    )
    assert _advice(_graded(path)).status == "passed"
    assert set(_runs(path)) == {"spawn"}


UNGUARDED = {
    "a process": (
        "q3",
        """
process = Process(target=work)
process.start()
process.join()
""",
    ),
    "a process, and more to do": (
        "q3",
        """
process = Process(target=work)
process.start()
process.join()
if get_start_method() != "fork":
    time.sleep(600)
""",
    ),
    # Its workers die, and are replaced for ever.
    "a pool": (
        "q5",
        """
with Pool(2) as pool:
    pool.map(abs, range(4))
""",
    ),
}


@needs_fork
@pytest.mark.parametrize("name", UNGUARDED)
def test_a_missing_guard_is_named_and_the_run_that_shows_it_is_cut_short(
    program: Callable[..., Path], observer: ObserverName, name: str
) -> None:
    exercise, source = UNGUARDED[name]
    report = _graded(program(HEAD + source), exercise, observer=observer, limits=ENDLESS)
    assert (report.status, report.points) == ("passed", 10)
    advice = _advice(report)
    assert advice.status == "advice"
    assert advice.message.startswith("Not with spawn (Windows, macOS): ")
    assert 'if __name__ == "__main__":' in advice.message
    assert advice.message.endswith("The same goes for forkserver (Linux from Python 3.14).")
    assert 'if __name__ == "__main__":' in advice.hint


UNPICKLABLE = {
    "a lambda": ("lambda: None", "A lambda cannot be sent"),
    "a function within a function": ("inner()", "A function defined inside another one"),
}


@needs_fork
@pytest.mark.parametrize("name", UNPICKLABLE)
def test_what_cannot_be_sent_to_a_new_interpreter_is_named(
    program: Callable[..., Path], observer: ObserverName, name: str
) -> None:
    target, words = UNPICKLABLE[name]
    source = RIGHT.replace(
        "def work()", "def inner():\n    def f(): pass\n    return f\n\ndef work()"
    ).replace("target=work", f"target={target}")
    advice = _advice(_graded(program(source), observer=observer))
    assert advice.status == "advice"
    assert words in advice.message


@needs_fork
def test_a_program_that_works_with_one_of_the_others_is_told_of_the_one_it_does_not(
    program: Callable[..., Path],
) -> None:
    path = program(
        RIGHT.replace("note()\n", "assert get_start_method() != 'forkserver'\n    note()\n")
    )
    advice = _advice(_graded(path))
    assert advice.status == "advice"
    assert advice.message.startswith("Not with forkserver (Linux from Python 3.14): ")
    assert "AssertionError" in advice.message


# -- what may go wrong ---------------------------------------------------------------------


def _broken_run(monkeypatch: pytest.MonkeyPatch, *, from_call: int) -> None:
    calls = []

    def failing(*arguments: Any, **options: Any) -> Trace:
        calls.append(arguments)
        if len(calls) >= from_call:
            raise RunError("no process can be made here")
        return run(*arguments, **options)

    monkeypatch.setattr("grader.grading.run", failing)


def test_a_run_that_the_kit_failed_at_is_an_error_and_no_mark(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_run(monkeypatch, from_call=1)
    report = _graded(program(RIGHT))
    assert (report.status, report.note) == ("error", "no process can be made here")
    assert report.trace is None
    assert {check.status for check in report.checks} == {"skipped"}


def test_a_mark_once_earned_is_not_lost_to_an_advice_that_the_kit_failed_at(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_run(monkeypatch, from_call=2)
    report = _graded(program(RIGHT))
    assert (report.status, report.points) == ("passed", 10)
    advice = _advice(report)
    assert advice.status == "skipped"
    assert "no process can be made here" in advice.message


def test_one_exercise_that_the_kit_failed_at_leaves_the_others_alone(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = program(RIGHT, "q3.py")
    program(RIGHT, "q6.py")
    _broken_run(monkeypatch, from_call=2)
    report = grade(path.parent, ["q3", "q5", "q6"], Settings(portable=False))
    assert [each.status for each in report.exercises] == ["passed", "absent", "error"]


def test_an_absent_answer_is_not_run(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _broken_run(monkeypatch, from_call=1)
    assert _graded(program("")).status == "absent"


def test_nothing_at_the_path_and_an_unknown_exercise_are_the_callers_mistakes(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        grade(tmp_path / "nowhere.py", ["q3"], Settings())
    with pytest.raises(KeyError, match="q9"):
        grade(program(RIGHT), ["q9"], Settings())


# -- settings ------------------------------------------------------------------------------


def test_exercises_are_reported_as_asked_and_under_the_submissions_path(
    program: Callable[..., Path],
) -> None:
    folder = program(RIGHT, "q3.py").parent
    report = grade(folder, ["q6", "q3"], Settings(portable=False))
    assert report.submission == str(folder)
    assert [(each.id, each.status) for each in report.exercises] == [
        ("q6", "absent"),
        ("q3", "passed"),
    ]


def test_the_limits_are_those_of_the_run(
    program: Callable[..., Path], observer: ObserverName
) -> None:
    path = program("import time; time.sleep(600)")
    report = _graded(path, limits=Limits(wall_time=0.5), observer=observer)
    assert report.trace is not None
    assert report.trace.limits.wall_time == 0.5
    assert report.checks[0].message.startswith(
        "The program did not end within the time limit of 0.5 s"
    )


def test_the_observer_is_the_one_asked_for(
    program: Callable[..., Path], observer: ObserverName
) -> None:
    report = _graded(program(RIGHT), observer=observer, portable=False)
    assert report.trace is not None
    assert report.trace.observer == observer


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_the_start_method_is_the_one_asked_for(program: Callable[..., Path], method: str) -> None:
    path = program(RIGHT)
    report = _graded(path, start_method=method, portable=False)
    assert report.trace is not None
    assert report.trace.start_method == method
    assert _runs(path) == [method]


def test_advice_that_cannot_be_had_costs_a_notebook_no_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from grader.runs import NotebookRuns

    def elsewhere(*_arguments: object) -> None:
        raise RunError("no room")

    monkeypatch.setattr(NotebookRuns, "elsewhere", elsewhere)
    source = "from multiprocessing import Process\nchild = Process(target=print)\n"
    cell = new_code_cell(f"{source}child.start()\nchild.join()")
    nbformat.write(new_notebook(cells=[cell]), tmp_path / "q3.ipynb")
    settings = Settings(start_method="fork")
    (report,) = grade(tmp_path / "q3.ipynb", ["q3"], settings).exercises
    assert (report.status, report.points) == ("passed", 10)
    assert report.checks[-1].status == "skipped"
    assert "no room" in report.checks[-1].message


def test_a_notebook_that_could_not_be_run_is_not_written_as_executed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook

    from grader.runs import NotebookRuns

    def outputs(*_arguments: object) -> None:
        raise RunError("no room")

    monkeypatch.setattr(NotebookRuns, "outputs", outputs)
    nbformat.write(new_notebook(cells=[new_code_cell(RIGHT)]), tmp_path / "q6.ipynb")
    target = tmp_path / "out.ipynb"
    (report,) = grade(tmp_path / "q6.ipynb", ["q6"], Settings(), executed=target).exercises
    assert report.status == "error"
    assert not target.exists()

"""Grading one submission: load, run, mark, and the advice about other start methods."""

import sys
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, structs

from grader.checks import exercise
from grader.checks.base import Exercise
from grader.checks.portable import HINT, ID, TITLE, judge_portable
from grader.load import Missing, load
from grader.mark import CheckResult, ExerciseReport, Report, absent, mark, ungradable
from grader.run import ObserverName, RunError, run
from grader.trace import Limits, Trace


class Settings(Struct, frozen=True, kw_only=True):
    """How to grade."""

    limits: Limits = Limits()
    portable: bool = True
    observer: ObserverName = "auto"
    start_method: str | None = None


def grade(path: Path, exercise_ids: Iterable[str], settings: Settings) -> Report:
    """Grade some exercises of one submission.

    Raises FileNotFoundError if there is nothing at `path`, KeyError for an exercise that
    there is not.
    """
    exercises = [exercise(id_) for id_ in exercise_ids]
    return Report(
        submission=str(path),
        exercises=tuple(grade_exercise(path, each, settings) for each in exercises),
    )


def grade_exercise(path: Path, asked: Exercise, settings: Settings) -> ExerciseReport:
    """Grade one exercise of one submission."""
    answer = load(path, asked.id)
    if isinstance(answer, Missing):
        return absent(asked, answer.why)
    try:
        report = mark(_run(answer.path, settings), asked)
    except RunError as error:
        return ungradable(asked, str(error))
    if not settings.portable:
        return report
    try:
        advice = _portable(answer.path, asked, report, settings)
    except RunError as error:
        advice = _advice("skipped", f"Could not be looked at: {error}.")
    return structs.replace(report, checks=(*report.checks, advice))


def _run(program: Path, settings: Settings) -> Trace:
    return run(
        program,
        settings.limits,
        start_method=settings.start_method,
        observer=settings.observer,
    )


def _run_elsewhere(program: Path, settings: Settings, method: str) -> Trace:
    """Run it as on a system with this start method. One whose children cannot import it is
    stopped as soon as that shows: a pool would go on replacing its failing workers for ever.
    """
    return run(
        program,
        settings.limits,
        start_method=method,
        observer=settings.observer,
        stop_at=("bootstrapping", "import failed"),
    )


def _portable(
    program: Path, asked: Exercise, report: ExerciseReport, settings: Settings
) -> CheckResult:
    if report.status != "passed" or report.trace is None:
        return _advice("skipped", "Looked at once the exercise passes.")
    methods = ["spawn"] if sys.platform == "win32" else ["spawn", "forkserver"]
    traces: dict[str, Trace] = {}
    failures: dict[str, str] = {}
    for method in methods:
        if method == report.trace.start_method:
            continue
        traces[method] = _run_elsewhere(program, settings, method)
        other = mark(traces[method], asked)
        failed = [check for check in other.checks if check.status == "failed"]
        if failed:
            failures[method] = failed[0].message
    verdict = judge_portable(traces, failures)
    return _advice("passed" if verdict.holds else "advice", verdict.message)


def _advice(status: str, message: str) -> CheckResult:
    return CheckResult(
        id=ID,
        title=TITLE,
        status=status,  # type: ignore[arg-type]
        points=0,
        max_points=0,
        message=message,
        hint=HINT if status == "advice" else "",
    )

"""Grading one submission: load, run, mark, and the advice about other start methods."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from msgspec import structs

from grader.checks import exercise, exercise_ids
from grader.checks.base import Exercise
from grader.load import Assignment, Missing, Program, load, prose_ids
from grader.mark import (
    CheckResult,
    ExerciseReport,
    Report,
    absent,
    mark,
    prose,
    ungradable,
)
from grader.run.runner import RunError, run
from grader.settings import HOPELESS, Settings, other_methods
from grader.trace import Sign, Trace


def grade(
    path: Path,
    ids: Iterable[str],
    settings: Settings,
    *,
    executed: Path | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Report:
    """Grade some questions of one submission. `executed` is where its notebook goes, with
    what it printed when it was run. `meanwhile` is called while a program runs.

    Raises FileNotFoundError if there is nothing at `path`, KeyError for an exercise that
    there is not, NotAProgramError for a file of another kind.
    """
    answers = {id_: load(path, id_) for id_ in ids}
    settings = structs.replace(settings, whole=path.is_dir())
    reports: dict[str, ExerciseReport] = {}
    for file in {each.path: None for each in answers.values() if isinstance(each, Assignment)}:
        own = [id_ for id_, answer in answers.items() if answer == Assignment(file)]
        reports |= _grade_assignment(file, own, settings, executed)
    for id_, answer in answers.items():
        if id_ in reports:
            continue
        if id_ not in exercise_ids() and id_ in prose_ids():
            reports[id_] = _unread(id_, "No answer in words was found.")
        else:
            reports[id_] = _grade_answer(answer, exercise(id_), settings, meanwhile)
    return Report(submission=str(path), exercises=tuple(reports[id_] for id_ in answers))


def grade_exercise(path: Path, asked: Exercise, settings: Settings) -> ExerciseReport:
    """Grade one exercise of one submission."""
    return _grade_answer(load(path, asked.id), asked, settings)


def _grade_answer(
    answer: Program | Assignment | Missing,
    asked: Exercise,
    settings: Settings,
    meanwhile: Callable[[], None] | None = None,
) -> ExerciseReport:
    if isinstance(answer, Missing):
        return absent(asked, answer.why)
    if isinstance(answer, Assignment):
        return _grade_assignment(answer.path, [asked.id], settings, None)[asked.id]
    program = answer.path
    try:
        report = mark(_run(program, settings, settings.start_method, (), meanwhile), asked)
    except RunError as error:
        return ungradable(asked, str(error))
    if not settings.portable:
        return report
    return _advised(asked, report, partial(_elsewhere, program, report, settings))


def _grade_assignment(
    file: Path, ids: list[str], settings: Settings, executed: Path | None
) -> dict[str, ExerciseReport]:
    from grader.assignments import grade_assignment
    from grader.load.notebook import BrokenNotebookError

    try:
        graded = grade_assignment(file, ids, settings, whole=executed is not None)
    except BrokenNotebookError as error:
        return {id_: _unread(id_, str(error)) for id_ in ids}
    if executed is not None and not any(r.status == "error" for r in graded.reports.values()):
        from grader.executed import write_executed

        write_executed(file, executed, graded)
    if not settings.portable:
        return graded.reports
    return {
        id_: _advised(exercise(id_), report, graded.elsewhere[id_])
        if id_ in graded.elsewhere
        else report
        for id_, report in graded.reports.items()
    }


def _unread(id_: str, why: str) -> ExerciseReport:
    """The report of a question in a file that cannot be read."""
    if id_ in exercise_ids():
        return absent(exercise(id_), why)
    return prose(id_, id_.upper(), "absent", why, None)


def _run(
    program: Path,
    settings: Settings,
    method: str | None,
    stop_at: tuple[Sign, ...] = (),
    meanwhile: Callable[[], None] | None = None,
) -> Trace:
    return run(
        program,
        settings.limits,
        start_method=method,
        observer=settings.observer,
        stop_at=stop_at,
        sandbox=settings.sandbox,
        whole=settings.whole,
        meanwhile=meanwhile,
        warm=settings.warm,
    )


def _elsewhere(program: Path, report: ExerciseReport, settings: Settings) -> dict[str, Trace]:
    """Its traces as on systems with other start methods, if it passed with its own."""
    return {method: _run(program, settings, method, HOPELESS) for method in other_methods(report)}


def _advised(
    asked: Exercise, report: ExerciseReport, elsewhere: Callable[[], Mapping[str, Trace]]
) -> ExerciseReport:
    """The report with the advice on other start methods, which may fail and cost nothing."""
    try:
        advice = _portable(asked, report, elsewhere())
    except RunError as error:
        advice = _advice("skipped", f"Could not be looked at: {error}.")
    return structs.replace(report, checks=(*report.checks, advice))


def _portable(asked: Exercise, report: ExerciseReport, traces: Mapping[str, Trace]) -> CheckResult:
    if report.status != "passed":
        return _advice("skipped", "Looked at once the exercise passes.")
    failures: dict[str, str] = {}
    for method, trace in traces.items():
        failed = [check for check in mark(trace, asked).checks if check.status == "failed"]
        if failed:
            failures[method] = failed[0].message
    from grader.checks.portable import judge_portable

    verdict = judge_portable(traces, failures)
    return _advice("passed" if verdict.holds else "advice", verdict.message)


def _advice(status: str, message: str) -> CheckResult:
    from grader.checks.portable import HINT, ID, TITLE

    return CheckResult(
        id=ID,
        title=TITLE,
        status=status,  # type: ignore[arg-type]
        points=0,
        max_points=0,
        message=message,
        hint=HINT if status == "advice" else "",
    )

"""Marking: a Trace and an exercise's checks make a Report.

The records here are the kit's JSON output (`grader/report/schema.json`): a change of
their fields is a change of that contract.
"""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from grader.checks.base import Check, Exercise, Verdict
from grader.trace import Trace

CheckStatus = Literal["passed", "failed", "skipped", "advice"]
Status = Literal["passed", "failed", "absent", "error", "manual"]

Belief = Literal["metadata", "grade_id", "question text", "number", "what the code did"]
"""What showed that some cells answer a question, the most credible first."""

SCHEMA_VERSION = 1


class CheckResult(Struct, frozen=True, kw_only=True):
    """How one check came out. `hint` is the first of the check's hints, for a check that
    did not pass; "advice" is a remark that costs no points.
    """

    id: str
    title: str
    status: CheckStatus
    points: int
    max_points: int
    message: str
    hint: str = ""


class Answer(Struct, frozen=True, kw_only=True):
    """What was taken for the answer in a file that holds several.

    `cells` counts a notebook's cells from 0; `lines` are the first and the last line in a
    script. `belief` is what showed it, `why` tells people.
    """

    cells: tuple[int, ...] = ()
    lines: tuple[int, int] | None = None
    belief: Belief
    why: str


class ExerciseReport(Struct, frozen=True, kw_only=True):
    """The marked result of one exercise; `trace` is None where nothing was run.

    `note` says what no check can: why it is absent, or what the kit could not do. "manual"
    is an answer in prose, which a person marks: it has no points here. `answer` is None
    for a file that holds one answer only.
    """

    id: str
    title: str
    status: Status
    points: int
    max_points: int
    checks: tuple[CheckResult, ...]
    trace: Trace | None = None
    note: str = ""
    answer: Answer | None = None


class Report(Struct, frozen=True, kw_only=True):
    """The marked result of one submission."""

    schema: int = SCHEMA_VERSION
    submission: str
    exercises: tuple[ExerciseReport, ...]

    @property
    def passed(self) -> bool:
        """Everything asked for passed, as far as it can be marked without a person."""
        return all(exercise.status in ("passed", "manual") for exercise in self.exercises)


def mark(trace: Trace, exercise: Exercise) -> ExerciseReport:
    """Judge a trace by an exercise's checks."""
    results: dict[str, CheckResult] = {}
    for check in exercise.checks:
        results[check.id] = _result(check, trace, results)
    checks = tuple(results.values())
    return ExerciseReport(
        id=exercise.id,
        title=exercise.title,
        status="passed" if all(c.status == "passed" for c in checks) else "failed",
        points=sum(c.points for c in checks),
        max_points=exercise.max_points,
        checks=checks,
        trace=trace,
    )


def absent(exercise: Exercise, why: str) -> ExerciseReport:
    """The report of an exercise for which there is nothing to grade."""
    return _ungraded(exercise, "absent", why)


def prose(
    id_: str, title: str, status: Status, note: str, answer: Answer | None
) -> ExerciseReport:
    """The report of a question that is answered in prose."""
    return ExerciseReport(
        id=id_,
        title=title,
        status=status,
        points=0,
        max_points=0,
        checks=(),
        note=note,
        answer=answer,
    )


def ungradable(exercise: Exercise, why: str) -> ExerciseReport:
    """The report of an exercise that the kit, not the learner, failed at."""
    return _ungraded(exercise, "error", why)


def _ungraded(exercise: Exercise, status: Status, why: str) -> ExerciseReport:
    checks = tuple(
        CheckResult(
            id=check.id,
            title=check.title,
            status="skipped",
            points=0,
            max_points=check.points,
            message="Not looked at.",
        )
        for check in exercise.checks
    )
    return ExerciseReport(
        id=exercise.id,
        title=exercise.title,
        status=status,
        points=0,
        max_points=exercise.max_points,
        checks=checks,
        note=why,
    )


def _result(check: Check, trace: Trace, earlier: dict[str, CheckResult]) -> CheckResult:
    missing = [need for need in check.needs if earlier[need].status != "passed"]
    if missing:
        message = f"Looked at once {_names(missing)} holds."
        return _as_result(check, "skipped", message, check.hints[0])
    verdict: Verdict = check.judge(trace)
    status: CheckStatus = "passed" if verdict.holds else "failed"
    return _as_result(check, status, verdict.message, verdict.hint or check.hints[0])


def _as_result(check: Check, status: CheckStatus, message: str, hint: str) -> CheckResult:
    passed = status == "passed"
    return CheckResult(
        id=check.id,
        title=check.title,
        status=status,
        points=check.points if passed else 0,
        max_points=check.points,
        message=message,
        hint="" if passed else hint,
    )


def _names(ids: Sequence[str]) -> str:
    return " and ".join(ids)

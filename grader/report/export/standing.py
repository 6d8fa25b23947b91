"""Where one learner stands, as every format tells it."""

from collections.abc import Sequence

from grader.phrases import first_of
from grader.report.neutral import neutral
from grader.results import STATUSES, ExerciseResult, Result, number

_NAMED = 20


def total(result: Result) -> float | None:
    """All points that count, or None while points of any exercise are still to come.

    Without them a sum would be a zero for what the kit failed at, or nobody has read yet.
    """
    return None if pending(result) or not result.exercises else result.points


def pending(result: Result) -> tuple[ExerciseResult, ...]:
    """The exercises that have no points yet."""
    return tuple(each for each in result.exercises if each.points is None)


def standing(result: Result) -> str:
    """How a learner stands, in a word or two: what a person has to see to comes first."""
    statuses = {each.status for each in result.exercises}
    if not handed_in(result):
        return "not handed in"
    if not statuses:
        return STATUSES["missing"]
    for status in _UNSETTLED:
        if status in statuses:
            return STATUSES[status]
    if statuses == {"absent"}:
        return "absent"
    return "passed" if result.points >= result.max_points else "failed"


_UNSETTLED = ("error", "missing", "manual")
"""Without points, the gravest first."""


def handed_in(result: Result) -> bool:
    """Whether there is anything to tell: a submission, or at least a mark for one."""
    return result.submission is not None or any(each.manual for each in result.exercises)


def why_pending(result: Result) -> str:
    """A learner with no total, and why: "Ada (q6: error)"."""
    why = ", ".join(f"{each.id}: {STATUSES[each.status]}" for each in pending(result))
    if not handed_in(result):
        why = "not handed in"
    return f"{result.learner.shown} ({why or 'nothing graded'})"


def out_of(points: float, most: float) -> str:
    """Points of what there could be: "7.5 of 10 points"."""
    return f"{number(points)} of {number(most)} point{'' if most == 1 else 's'}"


def scored(exercise: ExerciseResult) -> str:
    """An exercise in a line of plain text: its points, who gave them, and what is to know."""
    title = f"{exercise.id}, {exercise.title}"
    if exercise.manual is not None:
        points = out_of(exercise.manual.points, exercise.max_points)
        comment = f": {exercise.manual.comment}" if exercise.manual.comment else ""
        return neutral(f"{title}: {points}, marked by a person{comment}")
    if exercise.report is None:
        return neutral(f"{title}: not graded yet")
    note = f". {exercise.report.note}" if exercise.report.note else ""
    if exercise.points is None:
        return neutral(f"{title}: {STATUSES[exercise.status]}{note}")
    points = out_of(exercise.points, exercise.max_points)
    return neutral(f"{title}: {points}, {exercise.status}{note}")


def named(names: Sequence[str]) -> str:
    """Names in a row, of many the first."""
    return first_of(names, _NAMED)

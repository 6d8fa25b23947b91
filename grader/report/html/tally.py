"""What the page of a class remembers of its learners: a small row each, and sums."""

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from grader.report.html.words import Link, cut, link_to
from grader.report.summary import Counting
from grader.results import ExerciseStatus, Result


class Finding(Struct, frozen=True):
    """Something that a learner can be found by: a status or a failed check of an exercise,
    or with no exercise something about the submission.
    """

    exercise: str
    kind: str
    what: str


LATE = Finding("", "status", "late")
NOT_HANDED_IN = Finding("", "status", "not handed in")
NOTICED = Finding("", "status", "needs a person’s eye")  # noqa: RUF001


class Mark(Struct, frozen=True):
    """How one exercise came out."""

    status: ExerciseStatus
    points: float | None
    max_points: float


class Row(Struct, frozen=True, kw_only=True):
    """One learner in the table of the class."""

    link: Link
    id: str
    known_as: str
    marks: dict[str, Mark]
    points: float
    max_points: float
    late: bool
    attempt: int
    attempts: int
    findings: tuple[int, ...]
    failed: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]


class Tally(Counting):
    """Counts a class, one learner at a time, and remembers each."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.findings: Counter[Finding] = Counter()
        self.numbers: dict[Finding, int] = {}

    def add(self, result: Result) -> None:
        """Count one learner."""
        super().add(result)
        found = [*_about(result)]
        found += [Finding(each.id, "status", each.status) for each in result.exercises]
        failed = [*_failed(result)]
        found += [Finding(id_, "check", check) for id_, check in failed]
        self.findings.update(found)
        submission = result.submission
        self.rows.append(
            Row(
                link=link_to(result.learner),
                id=cut(result.learner.id, 40),
                known_as=cut(_known_as(result), 300),
                marks={e.id: Mark(e.status, e.points, e.max_points) for e in result.exercises},
                points=result.points,
                max_points=result.max_points,
                late=submission is not None and submission.late,
                attempt=submission.attempt if submission is not None else 0,
                attempts=submission.attempts if submission is not None else 0,
                findings=tuple(self.numbers.setdefault(f, len(self.numbers)) for f in found),
                failed=tuple(failed),
                notices=tuple(cut(notice, 300) for notice in result.notices[:10]),
            )
        )


def _failed(result: Result) -> Iterator[tuple[str, str]]:
    """The checks that failed, with their exercises."""
    for exercise in result.exercises:
        for check in exercise.report.checks if exercise.report is not None else ():
            if check.status == "failed":
                yield exercise.id, check.id


def _about(result: Result) -> Sequence[Finding]:
    found = []
    if result.submission is None:
        found.append(NOT_HANDED_IN)
    elif result.submission.late:
        found.append(LATE)
    if result.notices:
        found.append(NOTICED)
    return found


def _known_as(result: Result) -> str:
    """By what else somebody may look for this learner."""
    learner = result.learner
    return " ".join(filter(None, [learner.email, *learner.ids.values()]))

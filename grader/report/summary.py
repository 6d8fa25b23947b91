"""What there is to say of a class: counted once, from its results, for whoever shows it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from grader.handed_in import Learner
from grader.mark import SCHEMA_VERSION
from grader.results import ExerciseResult, Result

BINS = 10
"""Steps of the distribution of points."""

BIN_NAMES = (*(f"{10 * step}-{10 * step + 9} %" for step in range(BINS)), "100 %")


class ExerciseSummary(Struct, frozen=True):
    """An exercise in a class: how many learners have which status, see ExerciseResult."""

    id: str
    title: str
    counts: dict[str, int]


class Finding(Struct, frozen=True):
    """A check that failed, and of how many learners whose answer it was looked at in."""

    exercise: str
    check: str
    title: str
    failed: int
    of: int


class Reason(Struct, frozen=True):
    """Why a person should look, and at whom."""

    notice: str
    learners: tuple[Learner, ...]


class ClassSummary(Struct, frozen=True, kw_only=True):
    """A class in numbers. `distribution` counts who handed in by their share of the points: in
    tenths, the last with full points. `findings` begin with the most frequent one, `reasons`
    with the rarest: what all have in common can wait.
    """

    learners: int
    handed_in: int
    exercises: tuple[ExerciseSummary, ...]
    distribution: tuple[int, ...]
    findings: tuple[Finding, ...]
    reasons: tuple[Reason, ...]
    missing: tuple[Learner, ...]


class BatchDocument(Struct, frozen=True):
    """What a batch tells in JSON: what each path was taken for, what is to be told besides, and
    the class.
    """

    layout: tuple[str, ...]
    remarks: tuple[str, ...]
    summary: ClassSummary
    schema: int = SCHEMA_VERSION


class CheckCount:
    """How often a check came out how."""

    def __init__(self, title: str, max_points: int) -> None:
        self.title = title
        self.max_points = max_points
        self.by_status: Counter[str] = Counter()

    @property
    def looked_at(self) -> int:
        """In how many answers it could be judged."""
        return self.by_status["passed"] + self.by_status["failed"]


class Counting:
    """Counts results as they pass by, so that nobody has to hold them all."""

    def __init__(self) -> None:
        self.learners = 0
        self.titles: dict[str, str] = {}
        """Of the exercises, by id, in the order in which they were met first."""
        self.statuses: dict[str, Counter[str]] = {}
        self.checks: dict[tuple[str, str], CheckCount] = {}
        self.shares: list[float] = []
        """Of the points, of all who handed in something that has any."""
        self.missing: list[Learner] = []
        self._reasons: dict[str, list[Learner]] = {}

    def add(self, result: Result) -> None:
        """Count one learner."""
        self.learners += 1
        for exercise in result.exercises:
            self._count(exercise)
        for notice in result.notices:
            self._reasons.setdefault(notice, []).append(result.learner)
        if result.submission is None:
            self.missing.append(result.learner)
        elif result.max_points:
            self.shares.append(min(max(result.points / result.max_points, 0.0), 1.0))

    def _count(self, exercise: ExerciseResult) -> None:
        self.titles.setdefault(exercise.id, exercise.title)
        self.statuses.setdefault(exercise.id, Counter())[exercise.status] += 1
        if exercise.report is None or exercise.report.status in ("absent", "error"):
            return
        for check in exercise.report.checks:
            key = (exercise.id, check.id)
            count = self.checks.setdefault(key, CheckCount(check.title, check.max_points))
            count.by_status[check.status] += 1

    def distribution(self) -> tuple[int, ...]:
        """How many have which share of the points, see ClassSummary."""
        counts = Counter(int(share * BINS) for share in self.shares)
        return tuple(counts[step] for step in range(BINS + 1))

    def reasons(self) -> Sequence[Reason]:
        """Why a person should look, see ClassSummary."""
        rarest_first = sorted(self._reasons.items(), key=lambda each: len(each[1]))
        return [Reason(notice, tuple(learners)) for notice, learners in rarest_first]

    def summary(self) -> ClassSummary:
        """What has been counted."""
        failed = [
            Finding(*key, count.title, count.by_status["failed"], count.looked_at)
            for key, count in self.checks.items()
            if count.by_status["failed"]
        ]
        return ClassSummary(
            learners=self.learners,
            handed_in=self.learners - len(self.missing),
            exercises=tuple(
                ExerciseSummary(id_, title, dict(self.statuses[id_]))
                for id_, title in self.titles.items()
            ),
            distribution=self.distribution(),
            findings=tuple(sorted(failed, key=lambda each: -each.failed)),
            reasons=tuple(self.reasons()),
            missing=tuple(self.missing),
        )


def summarise(results: Iterable[Result]) -> ClassSummary:
    """A class in numbers."""
    counting = Counting()
    for result in results:
        counting.add(result)
    return counting.summary()

"""What there is to say of a class: counted once, from its results, for whoever shows it."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from grader.handed_in import Learner
from grader.results import Result

BINS = 10
"""Steps of the distribution of points."""


class Finding(Struct, frozen=True):
    """A check that failed, and of how many learners."""

    exercise: str
    check: str
    title: str
    failed: int
    of: int


class ExerciseSummary(Struct, frozen=True):
    """An exercise in a class: how many learners have which status, see ExerciseResult."""

    id: str
    title: str
    counts: dict[str, int]


class ClassSummary(Struct, frozen=True, kw_only=True):
    """A class in numbers. `distribution` counts who handed in by their share of the points: in
    tenths, the last with full points. `findings` begin with the most frequent one; `notices` say
    who needs a person's eye, and why; `missing` are those who have not handed in.
    """

    learners: int
    handed_in: int
    exercises: tuple[ExerciseSummary, ...]
    distribution: tuple[int, ...]
    findings: tuple[Finding, ...]
    notices: tuple[tuple[Learner, tuple[str, ...]], ...]
    missing: tuple[Learner, ...]


class Counting:
    """Counts results as they pass by, so that nobody has to hold them all."""

    def __init__(self) -> None:
        self._learners = 0
        self._titles: dict[str, str] = {}
        self._counts: dict[str, Counter[str]] = {}
        self._distribution = [0] * (BINS + 1)
        self._failed: Counter[tuple[str, str, str]] = Counter()
        self._judged: Counter[tuple[str, str, str]] = Counter()
        self._notices: list[tuple[Learner, tuple[str, ...]]] = []
        self._missing: list[Learner] = []

    def add(self, result: Result) -> None:
        """Count one learner."""
        self._learners += 1
        if result.notices:
            self._notices.append((result.learner, result.notices))
        if result.submission is None:
            self._missing.append(result.learner)
            return
        if result.max_points:
            share = max(0.0, min(result.points / result.max_points, 1.0))
            self._distribution[int(share * BINS)] += 1
        for each in result.exercises:
            self._titles[each.id] = each.title
            self._counts.setdefault(each.id, Counter())[each.status] += 1
            for check in each.report.checks if each.report is not None else ():
                key = (each.id, check.id, check.title)
                if check.status in ("passed", "failed"):
                    self._judged[key] += 1
                if check.status == "failed":
                    self._failed[key] += 1

    def summary(self) -> ClassSummary:
        """What has been counted."""
        return ClassSummary(
            learners=self._learners,
            handed_in=self._learners - len(self._missing),
            exercises=tuple(
                ExerciseSummary(id_, self._titles[id_], dict(counts))
                for id_, counts in self._counts.items()
            ),
            distribution=tuple(self._distribution),
            findings=tuple(
                Finding(*key, failed, self._judged[key])
                for key, failed in self._failed.most_common()
            ),
            notices=tuple(self._notices),
            missing=tuple(self._missing),
        )


def summarise(results: Iterable[Result]) -> ClassSummary:
    """A class in numbers."""
    counting = Counting()
    for result in results:
        counting.add(result)
    return counting.summary()

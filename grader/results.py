"""The results of a class: what a gradebook tells, and exports and pages are made from."""

from typing import Literal

from msgspec import Struct

from grader.handed_in import Learner, Submission
from grader.mark import ExerciseReport

ExerciseStatus = Literal["passed", "failed", "absent", "error", "manual", "marked", "missing"]

STATUSES: dict[str, str] = {
    "passed": "passed",
    "failed": "failed",
    "absent": "absent",
    "error": "error",
    "manual": "to be marked",
    "marked": "marked by hand",
    "missing": "not graded",
}
"""The statuses of an exercise in words, in the order in which a class is told by them."""


class ManualMark(Struct, frozen=True, kw_only=True):
    """What a person decided, of so many points that there could be: it stands above the kit's
    own mark. `at` is when, in ISO 8601.
    """

    points: float
    max_points: float
    comment: str = ""
    at: str = ""


class ExerciseResult(Struct, frozen=True, kw_only=True):
    """One exercise of one learner. `report` is None where the kit has not graded it."""

    id: str
    title: str
    report: ExerciseReport | None
    manual: ManualMark | None = None

    @property
    def points(self) -> float | None:
        """The points that count; None where there are none yet: an error, words to be read."""
        if self.manual is not None:
            return self.manual.points
        if self.report is None or self.report.status in ("error", "manual"):
            return None
        return self.report.points

    @property
    def max_points(self) -> float:
        """The most there could be."""
        if self.manual is not None:
            return self.manual.max_points
        return self.report.max_points if self.report is not None else 0

    @property
    def status(self) -> ExerciseStatus:
        """The report's status; "marked" where a person's mark stands above it."""
        if self.manual is not None:
            return "marked"
        return self.report.status if self.report is not None else "missing"


class Result(Struct, frozen=True, kw_only=True):
    """One learner of a class. `submission` is None for who has not handed in."""

    learner: Learner
    submission: Submission | None
    exercises: tuple[ExerciseResult, ...]
    notices: tuple[str, ...] = ()
    """Why a person should look at it."""

    @property
    def points(self) -> float:
        """All points that count, added up."""
        return sum(exercise.points or 0 for exercise in self.exercises)

    @property
    def max_points(self) -> float:
        """The most there could be; what the kit failed at is left out."""
        return sum(e.max_points for e in self.exercises if e.points is not None)


def number(points: float) -> str:
    """Points as people write them: 7, 7.5; no more decimals than anybody gives."""
    return f"{points:.4f}".rstrip("0").rstrip(".")

"""What an exercise and a check are, and what a check answers."""

from collections.abc import Callable

from msgspec import Struct

from grader.trace import Trace


class Verdict(Struct, frozen=True):
    """Whether a check holds, and the evidence for it in words for the learner.

    `hint` is given where another of the check's hints than the first fits what was seen.
    """

    holds: bool
    message: str
    hint: str = ""


def holds(message: str) -> Verdict:
    """The check holds; the message says what was seen."""
    return Verdict(True, message)


def fails(message: str, *slips: str | None, hint: str = "") -> Verdict:
    """The check fails; slips (None where there is none) name the classic mistake."""
    return Verdict(False, " ".join([message, *(slip for slip in slips if slip)]), hint)


class Check(Struct, frozen=True, kw_only=True):
    """One thing that is looked at.

    It is skipped unless every check named in `needs` holds. `hints` go from a nudge to
    nearly the answer and are shown one at a time.
    """

    id: str
    title: str
    points: int
    judge: Callable[[Trace], Verdict]
    hints: tuple[str, ...]
    needs: tuple[str, ...] = ()


class Exercise(Struct, frozen=True, kw_only=True):
    """An exercise: its id, its title, the question in the assignment's words, and its checks
    in order.
    """

    id: str
    title: str
    question: str
    checks: tuple[Check, ...]

    @property
    def max_points(self) -> int:
        """The points of all checks together."""
        return sum(check.points for check in self.checks)

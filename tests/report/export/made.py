"""Results to export, made by hand."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hypothesis import strategies as st

from grader.handed_in import Learner, Submission
from grader.mark import Answer, Status
from grader.results import ExerciseResult, ManualMark, Result
from tests.report.traces import a_check, an_exercise, nasty_texts


def a_learner(id_: str = "ada", name: str = "Ada Lovelace", **more: Any) -> Learner:
    """A learner with an e-mail address."""
    return Learner(id=id_, name=name, **{"email": f"{id_}@example.org"} | more)


def a_submission(**more: Any) -> Submission:
    """Handed in in time, at the second attempt."""
    facts: dict[str, Any] = {
        "place": "class.zip/ada",
        "digest": "d1",
        "attempt": 2,
        "attempts": 2,
        "handed_in": "2026-01-02T03:04:05+00:00",
        "files": ("q6.py",),
    }
    return Submission(**facts | more)


def graded(id_: str = "q6", *statuses: str, **more: Any) -> ExerciseResult:
    """An exercise whose checks of 2 points each came out like this: passed and failed, if nothing
    else is said."""
    checks = [
        a_check(f"{id_}_check{n}", status)  # type: ignore[arg-type]
        for n, status in enumerate(statuses or ("passed", "failed"), start=1)
    ]
    manual = more.pop("manual", None)
    report = an_exercise(*checks, id=id_, title=f"Title of {id_}", trace=None, **more)
    return ExerciseResult(id=id_, title=report.title, report=report, manual=manual)


def error(id_: str = "q6", note: str = "the kit broke") -> ExerciseResult:
    """An exercise that the kit failed at."""
    return graded(id_, "skipped", "skipped", status="error", points=0, note=note)


def absent(id_: str = "q6") -> ExerciseResult:
    """An exercise with nothing to grade."""
    return graded(id_, "skipped", "skipped", status="absent", points=0, note="No file.")


def words(
    id_: str = "q1", status: Status = "manual", manual: ManualMark | None = None
) -> ExerciseResult:
    """A question that is answered in words."""
    answer = Answer(cells=(1,), belief="number", why="its number")
    report = an_exercise(
        id=id_, title="What is it?", status=status, trace=None, note="Answered.", answer=answer
    )
    return ExerciseResult(id=id_, title=report.title, report=report, manual=manual)


def missing(id_: str = "q6") -> ExerciseResult:
    """An exercise that has not been graded."""
    return ExerciseResult(id=id_, title=f"Title of {id_}", report=None)


def by_hand(points: float, most: float = 4, comment: str = "") -> ManualMark:
    """What a person decided."""
    return ManualMark(points=points, max_points=most, comment=comment, at="2026-02-01T00:00:00")


def a_result(*exercises: ExerciseResult, learner: Learner | None = None, **more: Any) -> Result:
    """The result of Ada, who has handed in: 2 of 4 points in q6, if nothing else is said."""
    return Result(
        learner=learner or a_learner(),
        submission=more.pop("submission", a_submission()),
        exercises=exercises or (graded(),),
        **more,
    )


def not_handed_in(id_: str = "bob", name: str = "Bob") -> Result:
    """The result of somebody who has not handed in."""
    return a_result(missing(), learner=a_learner(id_, name), submission=None)


KINDS: tuple[Callable[[], ExerciseResult], ...] = (
    lambda: graded("q6", "passed", "passed"),
    graded,
    error,
    absent,
    missing,
    lambda: words("q6"),
    lambda: words("q6", "absent"),
    lambda: graded(manual=by_hand(1.5, 3, "Nearly")),
    lambda: words("q6", manual=by_hand(3, 4)),
)
"""An exercise in every state that there is."""

EVERY_KIND = [
    a_result(make(), learner=a_learner(f"l{n}", f"L{n}")) for n, make in enumerate(KINDS)
]


@st.composite
def results(draw: st.DrawFn) -> Result:
    """Any result, of people and in words of any kind."""
    text = nasty_texts
    exercises = []
    for id_ in draw(st.sampled_from([("q6",), ("q3", "q6"), ()])):
        manual = draw(st.none() | st.builds(by_hand, st.sampled_from([0.0, 2.5]), comment=text))
        exercises.append(
            draw(
                st.sampled_from(
                    [
                        graded(id_, manual=manual, note=draw(text)),
                        error(id_, draw(text)),
                        absent(id_),
                        missing(id_),
                        words(id_, manual=manual),
                    ]
                )
            )
        )
    return Result(
        learner=Learner(id=draw(text), name=draw(text), email=draw(text), ids={"sis": draw(text)}),
        submission=draw(st.none() | st.builds(a_submission, problems=st.tuples(text))),
        exercises=tuple(exercises),
        notices=draw(st.tuples(text)),
    )


class Counting:
    """Results that are to be read once, and how many of them have been."""

    def __init__(self, results: Iterable[Result]) -> None:
        self.read = 0
        self._results = iter(results)

    def __iter__(self) -> Iterator[Result]:
        for result in self._results:
            self.read += 1
            yield result

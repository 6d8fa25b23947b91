"""Choosing the answers of an assignment, by a judge that knows what each part would get."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.checks import exercise, exercise_ids
from grader.checks.base import Exercise
from grader.choose import Choice, Parts, choose, stretches
from grader.load.find import Belief, Claim, Found
from grader.mark import CheckResult, CheckStatus, ExerciseReport

FULL = 10
RECOGNISABLE = 5
"""Points from which the fake judge says that the exercise's own matter was there."""
RAN = 2
"""What any other code gets, for it ran without an error."""

EXERCISES = [exercise(id_) for id_ in exercise_ids()]

Points = Mapping[Parts, int | None]
"""What some parts get together, None for those that were not run."""


def _report(asked: Exercise, points: int) -> ExerciseReport:
    def check(place: int, holds: bool) -> CheckResult:
        own = asked.checks[place]
        status: CheckStatus = "passed" if holds else "failed"
        return CheckResult(
            id=own.id, title=own.title, status=status, points=0, max_points=0, message=""
        )

    return ExerciseReport(
        id=asked.id,
        title=asked.title,
        status="passed" if points == FULL else "failed",
        points=points,
        max_points=FULL,
        checks=(check(0, True), check(1, points >= RECOGNISABLE)),
    )


class Judge:
    """Gives what the tables say, and RAN for all else. `again` has what a second try gives."""

    def __init__(self, again: Mapping[str, Points] | None = None, **tables: Points) -> None:
        self._tables = tables
        self._again = again or {}
        self.asked: list[tuple[str, Parts]] = []

    def __call__(
        self, exercise: Exercise, together: Parts, parts: Parts, *, again: bool
    ) -> ExerciseReport | None:
        assert {*parts} <= {*together}
        self.asked.append((exercise.id, parts))
        points = self._tables.get(exercise.id, {}).get(parts, RAN)
        second = self._again.get(exercise.id, {}).get(parts)
        if again and points is not None and second is not None:
            points = max(points, second)
        return None if points is None else _report(exercise, points)


def claim(
    id_: str,
    *code: int,
    prose: Iterable[int] = (),
    text_code: Iterable[int] = (),
    belief: Belief = "number",
) -> Claim:
    return Claim(
        question=id_,
        belief=belief,
        heading=None,
        heading_text=f"{id_.upper()}.",
        code=code,
        prose=tuple(prose),
        text_code=tuple(text_code),
        why=f"under {id_}",
    )


def found(*claims: Claim, unclaimed: Parts = ()) -> Found:
    questions = dict.fromkeys(each.question for each in claims)
    by_question = {
        question: tuple(each for each in claims if each.question == question)
        for question in questions
    }
    return Found(by_question, unclaimed)


def chosen(judge: Judge, found: Found, *ids: str) -> dict[str, Choice | None]:
    return choose(EXERCISES, ids or exercise_ids(), found, judge, math.inf)


def parts(judge: Judge, found: Found, *ids: str) -> dict[str, Parts | None]:
    """The parts of the answers, of all exercises unless some are named."""
    answers = chosen(judge, found, *ids)
    return {id_: choice.parts if choice else None for id_, choice in answers.items()}


# -- stretches -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ((), []),
        ((3,), [(3,)]),
        ((3, 5), [(3, 5), (3,), (5,)]),
        ((3, 5, 6), [(3, 5, 6), (3, 5), (5, 6), (3,), (5,), (6,)]),
    ],
)
def test_the_stretches_of_parts_are_all_of_them_then_every_shorter_one(
    whole: Parts, expected: list[Parts]
) -> None:
    assert list(stretches(whole)) == expected


def test_of_very_many_parts_all_and_each_alone_are_tried() -> None:
    many = tuple(range(50))
    assert list(stretches(many)) == [many, *((each,) for each in many)]


# -- what stands under a heading -----------------------------------------------------------


def test_all_parts_under_a_heading_are_the_answer_if_none_of_them_does_better() -> None:
    judge = Judge(q3={(1, 2): 7, (1,): 7, (2,): 5})
    assert parts(judge, found(claim("q3", 1, 2)), "q3") == {"q3": (1, 2)}


def test_what_passes_is_not_looked_at_further() -> None:
    judge = Judge(q3={(1, 2): FULL})
    parts(judge, found(claim("q3", 1, 2), claim("q3", 5)), "q3")
    assert judge.asked == [("q3", (1, 2))]


def test_a_part_that_does_better_than_all_together_is_the_answer() -> None:
    judge = Judge(q3={(1, 2, 3): 6, (2, 3): 8, (3,): FULL})
    assert parts(judge, found(claim("q3", 1, 2, 3)), "q3") == {"q3": (3,)}


def test_of_several_claims_the_one_with_the_most_points_counts() -> None:
    judge = Judge(q3={(1,): 5, (4,): 8, (6,): 7})
    claims = [claim("q3", 1, belief="metadata"), claim("q3", 4), claim("q3", 6)]
    (answer,) = chosen(judge, found(*claims), "q3").values()
    assert answer is not None
    assert (answer.parts, answer.belief, answer.why) == ((4,), "number", "under q3")


def test_of_claims_with_the_same_points_the_most_credible_counts() -> None:
    judge = Judge(q3={(1,): 8, (4,): 8})
    assert parts(judge, found(claim("q3", 4), claim("q3", 1)), "q3") == {"q3": (4,)}


def test_an_answer_that_is_wrong_is_an_answer() -> None:
    answer = chosen(Judge(), found(claim("q3", 1)), "q3")["q3"]
    assert answer is not None
    assert (answer.parts, answer.report.points) == ((1,), RAN)


def test_code_in_words_is_the_answer_where_there_is_no_other() -> None:
    judge = Judge(q3={(2,): 8})
    words = claim("q3", prose=[1, 2], text_code=[2])
    assert parts(judge, found(words), "q3") == {"q3": (2,)}


def test_code_in_words_is_not_looked_at_beside_code() -> None:
    judge = Judge(q3={(2,): FULL})
    both = claim("q3", 3, prose=[2], text_code=[2])
    assert parts(judge, found(both), "q3") == {"q3": (3,)}


def test_what_stands_under_a_heading_gets_a_second_try() -> None:
    judge = Judge({"q3": {(1,): FULL}}, q3={(1,): 4})
    answer = chosen(judge, found(claim("q3", 1)), "q3")["q3"]
    assert answer is not None
    assert answer.report.status == "passed"


def test_where_nothing_was_run_there_is_no_answer() -> None:
    judge = Judge(q3={(1,): None})
    assert parts(judge, found(claim("q3", 1)), "q3") == {"q3": None}


def test_without_any_code_there_is_no_answer() -> None:
    assert parts(Judge(), found()) == dict.fromkeys(exercise_ids())


def test_only_what_was_asked_for_is_answered() -> None:
    claims = found(claim("q3", 1), claim("q5", 2), claim("q6", 3))
    judge = Judge(q5={(2,): 6})
    assert parts(judge, claims, "q5") == {"q5": (2,)}
    assert {id_ for id_, _parts in judge.asked} == {"q5"}


# -- code that no heading claims -----------------------------------------------------------


def test_code_under_no_heading_is_the_answer_if_it_does_what_is_asked_for() -> None:
    judge = Judge(q5={(4,): 6})
    answer = chosen(judge, found(unclaimed=(4,)), "q5")["q5"]
    assert answer is not None
    assert (answer.parts, answer.belief) == ((4,), "what the code did")
    assert answer.why == "stands under no heading; does what this question asks for"


def test_code_under_no_heading_that_is_not_about_it_is_no_answer() -> None:
    # Nor of any other, from which this one would have to take it.
    assert parts(Judge(), found(unclaimed=(4,))) == dict.fromkeys(exercise_ids())


def test_code_under_no_heading_gets_no_second_try() -> None:
    judge = Judge({"q5": {(4,): FULL}})
    assert parts(judge, found(unclaimed=(4,)), "q5") == {"q5": None}


def test_code_that_was_claimed_counts_more_than_better_code_elsewhere() -> None:
    judge = Judge(q5={(1,): 6, (4,): FULL})
    assert parts(judge, found(claim("q5", 1), unclaimed=(4,)), "q5") == {"q5": (1,)}


def test_parts_with_a_gap_between_them_are_no_answer_together() -> None:
    judge = Judge(q5={(2, 3, 7): FULL, (2, 3): 8, (7,): 6})
    assert parts(judge, found(unclaimed=(2, 3, 7)), "q5") == {"q5": (2, 3)}
    assert ("q5", (2, 3, 7)) not in judge.asked


def test_of_an_assignment_without_headings_each_exercise_has_its_own() -> None:
    judge = Judge(
        # Four processes are a process too, but each part is one answer only.
        q3={(0,): FULL, (2,): FULL},
        q5={(1,): FULL},
        q6={(2,): FULL},
    )
    whole = found(unclaimed=(0, 1, 2))
    assert parts(judge, whole) == {"q3": (0,), "q5": (1,), "q6": (2,)}


def test_the_only_code_there_is_answers_what_asks_for_most() -> None:
    judge = Judge(q3={(2,): FULL}, q6={(2,): FULL})
    assert parts(judge, found(unclaimed=(2,))) == {"q3": None, "q5": None, "q6": (2,)}


# -- code under another's heading ----------------------------------------------------------


def test_an_example_of_a_question_in_words_answers_an_exercise_without_a_heading() -> None:
    judge = Judge(q5={(1,): FULL})
    answer = chosen(judge, found(claim("q4", 1)), "q5")["q5"]
    assert answer is not None
    assert answer.parts == (1,)
    assert answer.why == 'stands under "Q4.", but does what this question asks for'


def test_a_question_in_words_keeps_its_example_from_one_with_a_heading() -> None:
    judge = Judge(q5={(1,): FULL})
    empty = claim("q5")
    assert parts(judge, found(claim("q4", 1), empty), "q5") == {"q5": None}


def test_a_neighbour_of_an_empty_heading_gives_what_it_does_not_need() -> None:
    judge = Judge(q5={(1,): FULL, (2,): RAN}, q6={(1, 2): 7, (2,): 7})
    assert parts(judge, found(claim("q5"), claim("q6", 1, 2)), "q5") == {"q5": (1,)}


def test_a_neighbour_keeps_the_code_that_it_needs() -> None:
    judge = Judge(q3={(1,): FULL}, q6={(1,): FULL})
    assert parts(judge, found(claim("q6", 1))) == {"q3": None, "q5": None, "q6": (1,)}


def test_a_neighbour_that_would_lose_a_point_keeps_its_code() -> None:
    judge = Judge(q3={(1,): FULL}, q6={(1, 2): 8, (2,): 7})
    assert parts(judge, found(claim("q6", 1, 2)), "q3") == {"q3": None}


def test_what_is_not_even_about_its_own_question_is_given_to_the_one_that_asks_for_most() -> None:
    judge = Judge(q5={(1,): RAN}, q6={(1,): FULL})
    assert parts(judge, found(claim("q5", 1)), "q5", "q6") == {"q5": None, "q6": (1,)}


def test_a_wrong_answer_is_not_given_to_a_question_that_asks_for_less() -> None:
    # A pool, or three processes, under the heading of q6: wrong there, and its answer.
    judge = Judge(q3={(1,): FULL}, q5={(1,): FULL}, q6={(1,): RAN})
    assert parts(judge, found(claim("q6", 1), claim("q3", prose=(0,)))) == {
        "q3": None,
        "q5": None,
        "q6": (1,),
    }
    assert parts(judge, found(claim("q6", 1), claim("q3", 2)))["q3"] == (2,)


def test_answers_one_heading_too_low_each_move_up() -> None:
    judge = Judge(q3={(1,): FULL}, q5={(2,): FULL}, q6={(3,): FULL})
    assignment = found(claim("q3", 2), claim("q5", 3), claim("q6"), unclaimed=(1,))
    assert parts(judge, assignment) == {"q3": (1,), "q5": (2,), "q6": (3,)}


def test_a_neighbours_code_must_be_all_that_is_asked_for() -> None:
    judge = Judge(q5={(1,): FULL - 1})
    assert parts(judge, found(claim("q4", 1)), "q5") == {"q5": None}


def test_a_heading_with_an_answer_in_words_looks_for_no_code() -> None:
    judge = Judge(q5={(4,): FULL, (1,): FULL})
    words = found(claim("q4", 1), claim("q5", prose=[2]), unclaimed=(4,))
    assert parts(judge, words, "q5") == {"q5": None}


def test_code_that_could_not_be_graded_is_not_replaced_by_another() -> None:
    judge = Judge(q5={(1,): None, (4,): FULL})
    assert parts(judge, found(claim("q5", 1), unclaimed=(4,)), "q5") == {"q5": None}


def test_unclaimed_code_goes_before_a_neighbours() -> None:
    judge = Judge(q5={(1,): FULL, (4,): FULL})
    assert parts(judge, found(claim("q4", 1), unclaimed=(4,)), "q5") == {"q5": (4,)}


def test_two_that_borrow_leave_the_lender_what_it_needs() -> None:
    # Either of its two programs is enough for q3, so one of them may go, but not both.
    judge = Judge(
        q3={(1, 2): FULL, (1,): FULL, (2,): FULL},
        q5={(1,): FULL},
        q6={(2,): FULL},
    )
    assert parts(judge, found(claim("q3", 1, 2)))["q6"] == (2,)
    assert parts(judge, found(claim("q3", 1, 2)))["q5"] is None


# -- asking for one, or for all ------------------------------------------------------------


def test_who_lends_a_part_has_the_same_answer_whoever_is_asked_for() -> None:
    judge = Judge(q3={(1, 2): FULL, (1,): FULL, (2,): FULL}, q6={(2,): FULL})
    whole = found(claim("q3", 1, 2))
    assert parts(judge, whole)["q6"] == (2,)
    assert parts(judge, whole)["q3"] == parts(judge, whole, "q3")["q3"]


PLACES = 5
_points = st.sampled_from([None, RAN, RECOGNISABLE, 7, FULL])
_parts = st.sets(st.integers(0, PLACES - 1), max_size=3).map(lambda each: tuple(sorted(each)))


@st.composite
def _claims(draw: st.DrawFn) -> Found:
    """Any assignment of PLACES parts; a part may be claimed more than once."""
    claims = [
        claim(
            draw(st.sampled_from(["q1", "q3", "q4", "q5", "q6"])),
            *draw(_parts),
            prose=draw(st.sampled_from([(), (9,)])),
            text_code=draw(st.sampled_from([(), (9,)])),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    claimed = {place for each in claims for place in each.code}
    return found(*claims, unclaimed=tuple({*range(PLACES)} - claimed))


@st.composite
def _tables(draw: st.DrawFn) -> dict[str, dict[Parts, int | None]]:
    return {id_: draw(st.dictionaries(_parts, _points, max_size=6)) for id_ in exercise_ids()}


def _facts(choices: Mapping[str, Choice | None], id_: str) -> object:
    choice = choices[id_]
    return choice and (choice.parts, choice.together, choice.belief, choice.report)


@settings(deadline=None, max_examples=400)
@given(_claims(), _tables(), _tables(), st.sets(st.sampled_from(exercise_ids()), min_size=1))
def test_asking_for_some_gives_the_same_answers_as_asking_for_all(
    assignment: Found,
    tables: dict[str, dict[Parts, int | None]],
    again: dict[str, dict[Parts, int | None]],
    wanted: Sequence[str],
) -> None:
    every = chosen(Judge(again, **tables), assignment)
    some = chosen(Judge(again, **tables), assignment, *wanted)
    assert {id_: _facts(every, id_) for id_ in wanted} == {id_: _facts(some, id_) for id_ in some}


def test_hundreds_of_headings_over_programs_that_hang_are_not_all_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = itertools.count(step=20)
    monkeypatch.setattr("grader.choose.time.monotonic", lambda: next(clock))
    tried: list[Parts] = []

    def judge(
        exercise: Exercise, together: Parts, parts: Parts, *, again: bool
    ) -> ExerciseReport | None:
        tried.append(parts)
        return _report(exercise, 0)

    everywhere = found(*(claim("q6", part) for part in range(300)))
    choose(EXERCISES, ["q6"], everywhere, judge, 120)
    assert 3 < len(tried) < 30

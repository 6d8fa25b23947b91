import pytest
from msgspec import structs

from grader.report.export.standing import scored, standing, total, why_pending
from grader.results import Result

from .made import a_result, absent, by_hand, error, graded, missing, not_handed_in, words


@pytest.mark.parametrize(
    ("result", "points", "said"),
    [
        (a_result(graded("q3", "passed"), graded("q6", "passed")), 4, "passed"),
        (a_result(graded("q3", "passed"), graded("q6")), 4, "failed"),
        (a_result(graded("q3"), absent("q6")), 2, "failed"),
        (a_result(absent()), 0, "absent"),
        (a_result(graded("q3", "passed"), error("q6")), None, "error"),
        (a_result(graded("q3", "passed"), missing("q6")), None, "not graded"),
        (a_result(graded("q3", "passed"), words()), None, "to be marked"),
        (a_result(graded("q3", "passed"), words(manual=by_hand(3, 4))), 5, "failed"),
        (a_result(graded("q3", "passed"), words(manual=by_hand(4, 4))), 6, "passed"),
        (a_result(error("q6"), words()), None, "error"),
        (not_handed_in(), None, "not handed in"),
        (structs.replace(a_result(), exercises=()), None, "not graded"),
    ],
)
def test_there_is_no_total_while_points_are_to_come(
    result: Result, points: float | None, said: str
) -> None:
    assert total(result) == points
    assert standing(result) == said


def test_who_has_no_exercises_has_no_total() -> None:
    assert (
        total(a_result().__class__(learner=a_result().learner, submission=None, exercises=()))
        is None
    )


def test_a_mark_counts_for_who_has_not_handed_in() -> None:
    result = a_result(words(manual=by_hand(3, 4)), submission=None)
    assert (total(result), standing(result)) == (3, "failed")


def test_why_points_are_to_come_is_told_by_exercise() -> None:
    result = a_result(error("q3"), graded("q5"), words("q1"))
    assert why_pending(result) == "Ada Lovelace (q3: error, q1: to be marked)"
    assert why_pending(not_handed_in()) == "Bob (not handed in)"


def test_a_mark_by_a_person_is_shown_as_one_and_its_comment_too() -> None:
    marked = graded(manual=by_hand(3, comment="Reads\nwell"))
    assert scored(marked) == r"q6, Title of q6: 3 of 4 points, marked by a person: Reads\nwell"
    assert scored(graded()) == "q6, Title of q6: 2 of 4 points, failed"
    assert scored(error()) == "q6, Title of q6: error. the kit broke"
    assert scored(absent()) == "q6, Title of q6: 0 of 4 points, absent. No file."

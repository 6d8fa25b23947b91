"""What is said of results is said in one way, wherever it is."""

from typing import get_args

import pytest

from grader.report.export.standing import out_of
from grader.report.html.words import points as on_a_page
from grader.results import STATUSES, ExerciseStatus, number


def test_every_status_has_its_words() -> None:
    assert tuple(STATUSES) == get_args(ExerciseStatus)


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (7, "7"),
        (7.0, "7"),
        (7.5, "7.5"),
        (0, "0"),
        (0.1 + 0.2, "0.3"),
        (3.125, "3.125"),
        (1 / 3, "0.3333"),
        (10, "10"),
        (1e7, "10000000"),
    ],
)
def test_points_are_written_as_people_do(points: float, text: str) -> None:
    assert number(points) == text


def test_a_page_and_a_table_give_the_same_number() -> None:
    assert (on_a_page(3.125, 4), out_of(3.125, 4)) == ("3.125 / 4", "3.125 of 4 points")

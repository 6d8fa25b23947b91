"""What GitHub Classroom's reporter reads, held against a schema of what it takes for granted."""

from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from grader.report.export.classroom import classroom
from grader.results import Result
from tests.report.harmless import assert_harmless
from tests.report.traces import unhurried

from .made import (
    EVERY_KIND,
    a_result,
    absent,
    by_hand,
    error,
    graded,
    missing,
    not_handed_in,
    results,
    words,
)

# From github.com/classroom-resources/autograding-grading-reporter, which publishes no schema:
# src/main.js reads `status`; src/notify-classroom.js and src/helpers/test-helpers.js add up
# `max_score` and every test's `score`; src/console-results.js prints `name`, `status`, `message`,
# `line_no` and `test_code`.
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "number"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    *("name", "status", "message", "line_no", "filename", "test_code"),
                    *("score", "max_score"),
                ],
                "properties": {
                    "name": {"type": "string"},
                    "status": {"enum": ["pass", "fail", "error"]},
                    "message": {"type": "string"},
                    "line_no": {"const": 0},
                    "filename": {"type": "string"},
                    "test_code": {"type": "string"},
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                },
            },
        },
    },
}
VALIDATOR = Draft202012Validator(SCHEMA)


def document(result: Result) -> dict[str, Any]:
    made = classroom(result)
    VALIDATOR.validate(made)
    return made


def points(made: dict[str, Any]) -> tuple[float, float]:
    """As the reporter tells them: the scores of all tests, and the maximum."""
    return sum(test["score"] for test in made["tests"]), made["max_score"]


def test_each_check_is_a_test_with_its_points() -> None:
    made = document(a_result())
    assert (made["status"], made["max_score"]) == ("fail", 4)
    assert made["tests"][1] == {
        "name": "q6: Title of q6_check2",
        "status": "fail",
        "message": "Message of q6_check2. Hint: Hint of q6_check2.",
        "line_no": 0,
        "filename": "",
        "test_code": "",
        "score": 0,
        "max_score": 2,
    }
    assert document(a_result(graded("q6", "passed", "advice")))["status"] == "pass"


@pytest.mark.parametrize(
    ("result", "status", "told"),
    [
        (a_result(graded("q3", "passed"), error("q6")), "error", (2, 2)),
        (a_result(graded("q3", "passed"), missing("q6")), "error", (2, 2)),
        (a_result(graded("q3", "passed"), absent("q6")), "fail", (2, 6)),
        (a_result(graded("q3", "passed"), words()), "pass", (2, 2)),
        (a_result(graded("q3", "passed"), words(manual=by_hand(1, 4))), "fail", (3, 6)),
        (a_result(graded(manual=by_hand(4))), "pass", (4, 4)),
        (a_result(error()), "error", (0, 0)),
        (not_handed_in(), "error", (0, 0)),
    ],
)
def test_tests_and_a_maximum_are_there_in_every_state_and_nothing_to_come_is_a_zero(
    result: Result, status: str, told: tuple[float, float]
) -> None:
    made = document(result)
    assert made["status"] == status
    assert points(made) == told
    assert sum(test["max_score"] for test in made["tests"]) == made["max_score"]
    assert made["tests"]


def test_a_mark_by_a_person_shows_its_comment_in_the_place_of_the_checks() -> None:
    [test] = document(a_result(graded(manual=by_hand(3, comment="Nearly"))))["tests"]
    assert test["message"] == "q6, Title of q6: 3 of 4 points, marked by a person: Nearly"


def test_points_are_those_of_the_result() -> None:
    for result in EVERY_KIND:
        assert points(document(result)) == (result.points, result.max_points)


@unhurried
@given(results())
def test_any_result_keeps_to_the_format_and_prints_nothing_that_steers(result: Result) -> None:
    for test in document(result)["tests"]:
        assert_harmless(f"{test['name']}\n{test['message']}", in_ascii=False)

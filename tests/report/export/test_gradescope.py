"""Gradescope's results.json, held against a schema of what its documentation says."""

from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from grader.report.export import single_json
from grader.report.export.gradescope import gradescope
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

# From https://gradescope-autograders.readthedocs.io/en/latest/specs/, "Output format": every field
# that it names for a document and for a test, "Output String Formatting", "Controlling test case
# visibility" and "Test case status". No schema is published.
_FORMAT = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "additionalProperties": False,
    "required": ["score", "tests"],
    "properties": {
        "score": {"type": "number"},
        "execution_time": {"type": "number"},
        "output": {"type": "string"},
        "output_format": _FORMAT,
        "test_output_format": _FORMAT,
        "test_name_format": _FORMAT,
        "visibility": _VISIBILITY,
        "stdout_visibility": _VISIBILITY,
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["name", "number", "output", "output_format", "visibility"],
                "dependentRequired": {"score": ["max_score"], "max_score": ["score"]},
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": _FORMAT,
                    "number": {"type": "string", "pattern": r"^\d+(\.\d+)?$"},
                    "output": {"type": "string"},
                    "output_format": _FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": _VISIBILITY,
                    "extra_data": {"type": "object"},
                },
            },
        },
    },
}
VALIDATOR = Draft202012Validator(SCHEMA)


def document(result: Result) -> dict[str, Any]:
    made = gradescope(result)
    assert made is not None
    VALIDATOR.validate(made)
    return made


def test_each_check_is_a_test_with_its_points() -> None:
    assert document(a_result()) == {
        "score": 2,
        "output": "q6, Title of q6: 2 of 4 points, failed",
        "output_format": "text",
        "visibility": "visible",
        "tests": [
            {
                "name": "q6: Title of q6_check1",
                "name_format": "text",
                "number": "1.1",
                "output": "Message of q6_check1.",
                "output_format": "text",
                "visibility": "visible",
                "status": "passed",
                "score": 2,
                "max_score": 2,
            },
            {
                "name": "q6: Title of q6_check2",
                "name_format": "text",
                "number": "1.2",
                "output": "Message of q6_check2.\nHint: Hint of q6_check2.",
                "output_format": "text",
                "visibility": "visible",
                "status": "failed",
                "score": 0,
                "max_score": 2,
            },
        ],
    }


@pytest.mark.parametrize(
    "result",
    [
        a_result(graded("q3"), error("q6")),
        a_result(graded("q3"), missing("q6")),
        a_result(words()),
        not_handed_in(),
    ],
)
def test_who_has_no_score_yet_gets_no_document_rather_than_zero(result: Result) -> None:
    assert gradescope(result) is None


def test_an_answer_in_words_waits_without_a_score_beside_those_that_count() -> None:
    made = document(a_result(words(), graded("q3", "passed")))
    assert made["score"] == 2
    assert "q1, What is it?: to be marked" in made["output"]
    assert not {"score", "status"} & {*made["tests"][0]}


def test_a_persons_mark_is_a_test_and_the_checks_below_it_have_no_score() -> None:
    made = document(a_result(graded(manual=by_hand(4, comment="Fine by me"))))
    assert made["score"] == 4
    whole, *checks = made["tests"]
    assert (whole["score"], whole["max_score"], whole["status"]) == (4, 4, "passed")
    assert whole["output"].endswith("marked by a person: Fine by me")
    assert ["score" in check for check in checks] == [False, False]
    assert [check["status"] for check in checks] == ["passed", "failed"]


def test_scores_of_tests_add_up_to_the_score() -> None:
    for result in [*EVERY_KIND, a_result(graded("q3"), absent("q6"))]:
        if made := gradescope(result):
            VALIDATOR.validate(made)
            assert made["score"] == sum(test.get("score", 0) for test in made["tests"])


@unhurried
@given(results())
def test_any_result_keeps_to_the_format_and_shows_nothing_that_steers(result: Result) -> None:
    made = gradescope(result)
    if made is not None:
        VALIDATOR.validate(made)
        assert_harmless(made["output"], in_ascii=False)
        for test in made["tests"]:
            assert_harmless(test["name"] + "\n" + test["output"], in_ascii=False)
        assert single_json(made).isascii()

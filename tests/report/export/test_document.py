import json
import re

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from grader.report.export.document import class_schema, derived_class_schema, write_json
from grader.results import Result
from tests.report.traces import unhurried

from .made import (
    EVERY_KIND,
    Counting,
    a_learner,
    a_result,
    by_hand,
    error,
    graded,
    not_handed_in,
    results,
    words,
)

VALIDATOR = Draft202012Validator(class_schema())


def document(*class_: Result) -> dict[str, object]:
    read: dict[str, object] = json.loads("".join(write_json(class_, ())))
    VALIDATOR.validate(read)
    return read


def test_the_schema_in_the_package_is_the_one_of_the_records() -> None:
    assert class_schema() == derived_class_schema(), (
        "The records have changed, and with them the contract of the JSON document. If that is "
        "wanted, write json.dumps(derived_class_schema(), indent=2) to "
        "grader/report/export/class.schema.json."
    )


def test_the_schema_is_a_valid_one_and_forbids_what_it_does_not_name() -> None:
    Draft202012Validator.check_schema(class_schema())
    with pytest.raises(ValidationError):
        VALIDATOR.validate(document() | {"more": 1})
    with pytest.raises(ValidationError):
        VALIDATOR.validate({"schema": 2, "learners": []})


def test_a_learner_is_told_with_all_facts_and_without_traces() -> None:
    learner = a_learner(ids={"canvas": "4711"})
    read = document(a_result(graded("q6", "failed"), learner=learner, notices=("Look!",)))
    assert read == {
        "schema": 1,
        "learners": [
            {
                "id": "ada",
                "name": "Ada Lovelace",
                "email": "ada@example.org",
                "ids": {"canvas": "4711"},
                "submission": {
                    "place": "class.zip/ada",
                    "digest": "d1",
                    "attempt": 2,
                    "attempts": 2,
                    "late": False,
                    "handed_in": "2026-01-02T03:04:05+00:00",
                    "problems": [],
                    "files": ["q6.py"],
                },
                "points": 0,
                "max_points": 2,
                "exercises": [
                    {
                        "id": "q6",
                        "title": "Title of q6",
                        "status": "failed",
                        "points": 0,
                        "max_points": 2,
                        "kit": {
                            "status": "failed",
                            "points": 0,
                            "max_points": 2,
                            "checks": [
                                {
                                    "id": "q6_check1",
                                    "title": "Title of q6_check1",
                                    "status": "failed",
                                    "points": 0,
                                    "max_points": 2,
                                    "message": "Message of q6_check1.",
                                    "hint": "Hint of q6_check1.",
                                }
                            ],
                            "note": "",
                            "answer": None,
                        },
                        "manual": None,
                    }
                ],
                "notices": ["Look!"],
            }
        ],
    }


def test_a_persons_mark_counts_and_the_kits_own_is_told_beside_it() -> None:
    read = document(a_result(graded(manual=by_hand(3.5, comment="Nearly"))))
    [exercise] = read["learners"][0]["exercises"]  # type: ignore[index]
    assert (exercise["status"], exercise["points"]) == ("marked", 3.5)
    assert exercise["manual"]["comment"] == "Nearly"
    assert (exercise["kit"]["status"], exercise["kit"]["points"]) == ("failed", 2)


def test_points_to_come_are_null() -> None:
    read = document(a_result(graded("q3"), error()), a_result(words()), not_handed_in())
    learners = read["learners"]
    assert [learner["points"] for learner in learners] == [None] * 3  # type: ignore[attr-defined]
    assert [e["points"] for e in learners[0]["exercises"]] == [2, None]  # type: ignore[index]
    assert learners[2]["submission"] is None  # type: ignore[index]


def test_every_state_of_an_exercise_keeps_to_the_schema() -> None:
    assert len(document(*EVERY_KIND)["learners"]) == len(EVERY_KIND)  # type: ignore[arg-type]


@unhurried
@given(results())
def test_any_result_keeps_to_the_schema_in_printable_ascii(result: Result) -> None:
    text = "".join(write_json([result, result], ()))
    VALIDATOR.validate(json.loads(text))
    assert re.fullmatch(r"[\x20-\x7e\n]*", text)
    assert "##[" not in text


def test_the_document_is_written_while_the_class_is_read() -> None:
    class_ = Counting(a_result() for _ in range(5))
    parts = write_json(class_, ())
    next(parts)
    next(parts)
    assert class_.read == 1

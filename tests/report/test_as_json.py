import json
import re

import msgspec
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator, ValidationError

from grader.mark import Report
from grader.report.as_json import derived_schema, report_json, schema, trace_json

from .traces import (
    a_check,
    a_report,
    a_trace,
    a_write,
    an_exercise,
    hanging,
    q6_right,
    reports,
    unhurried,
)

REPORT = a_report(
    an_exercise(a_check("ran_clean"), a_check("joined", "failed")),
    an_exercise(trace=None, status="absent", note="No file."),
)


def validate(document: object) -> None:
    Draft202012Validator(schema()).validate(document)


def test_the_schema_in_the_package_is_the_one_of_the_records() -> None:
    assert schema() == derived_schema(), (
        "The records have changed, and with them the contract of the JSON output. If that "
        "is wanted, write json.dumps(derived_schema(), indent=2) to "
        "grader/report/schema.json."
    )


def test_the_schema_is_a_valid_one() -> None:
    Draft202012Validator.check_schema(schema())


@unhurried
@given(reports)
def test_every_report_keeps_to_the_schema(report: Report) -> None:
    validate(json.loads(report_json(report)))


@pytest.mark.parametrize(
    "path", [(), ("exercises", 0), ("exercises", 0, "checks", 0), ("exercises", 0, "trace")]
)
def test_the_schema_forbids_what_it_does_not_name_and_misses_what_it_does(
    path: tuple[str | int, ...],
) -> None:
    document = json.loads(report_json(REPORT))
    record = document
    for step in path:
        record = record[step]
    record["more"] = 1
    with pytest.raises(ValidationError):
        validate(document)
    del record["more"]
    validate(document)
    record.popitem()
    with pytest.raises(ValidationError):
        validate(document)


def test_the_schema_fixes_the_version() -> None:
    document = json.loads(report_json(REPORT))
    with pytest.raises(ValidationError):
        validate(document | {"schema": 2})


def test_the_keys_are_those_of_the_contract() -> None:
    document = json.loads(report_json(REPORT))
    assert list(document) == ["schema", "submission", "exercises"]
    exercise = document["exercises"][0]
    assert set(exercise) == {
        *("id", "title", "status", "points", "max_points", "checks", "trace", "note"),
        "answer",
    }
    assert set(exercise["checks"][0]) == {
        *("id", "title", "status", "points", "max_points", "message", "hint")
    }
    assert document["schema"] == 1
    assert document["exercises"][1]["trace"] is None


@pytest.mark.parametrize("trace", [q6_right(), hanging()])
def test_nothing_is_lost_on_the_way_through_json(trace: object) -> None:
    report = a_report(an_exercise(trace=trace))
    assert msgspec.json.decode(report_json(report), type=Report) == report


def test_a_trace_alone_is_what_a_report_has_of_it() -> None:
    report = json.loads(report_json(a_report(an_exercise())))
    assert json.loads(trace_json(q6_right())) == report["exercises"][0]["trace"]


@unhurried
@given(reports)
def test_json_is_printable_ascii_whatever_a_learner_wrote(report: Report) -> None:
    document = report_json(report)
    assert re.fullmatch(r"[\x20-\x7e\n]*", document)
    assert "##[" not in document
    assert not re.search(r"^\s*::", document, re.MULTILINE)


def test_what_a_learner_wrote_is_in_the_json_in_full() -> None:
    written = "\x1b[31m 进程 ##[group] \u202e \x7f\n"
    report = a_report(an_exercise(trace=a_trace(writes=(a_write(4711, written),))))
    document = json.loads(report_json(report))
    assert document["exercises"][0]["trace"]["writes"][0]["text"] == written


def test_json_is_indented_by_two() -> None:
    assert report_json(a_report()).startswith('{\n  "schema": 1,\n  "submission"')

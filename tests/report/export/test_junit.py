"""JUnit XML, held against what junit-10.xsd allows."""

from collections import Counter
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given

from grader.report.export.junit import write_junit
from grader.results import Result
from tests.report.harmless import assert_harmless
from tests.report.traces import unhurried

from .made import (
    EVERY_KIND,
    Counting,
    a_learner,
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

# Of github.com/jenkinsci/xunit-plugin, .../xunit/types/model/xsd/junit-10.xsd, by element: the
# attributes that it needs, those that it may have, and the elements that it may hold. A machine
# cannot read the schema here, since nothing in the standard library validates by one.
XSD: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors"},
        {"group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "properties": (set(), set(), {"property"}),
    "property": ({"name", "value"}, set(), set()),
    "testcase": (
        {"name"},
        {"time", "classname", "group"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": (set(), {"type", "message"}, set()),
    "error": (set(), {"type", "message"}, set()),
    "skipped": (set(), {"type", "message"}, set()),
    "system-out": (set(), set(), set()),
}


def validate(element: Element) -> None:
    needs, may, holds = XSD[element.tag]
    assert needs <= {*element.attrib} <= needs | may, element.tag
    assert {child.tag for child in element} <= holds, element.tag
    for child in element:
        validate(child)


def suites(*class_: Result) -> list[Element]:
    root = fromstring("".join(write_junit(class_, ())))
    validate(root)
    return [*root]


def outcomes(suite: Element) -> list[tuple[str | None, str | None, str, str]]:
    """Of each case: class, name, outcome, and its message."""
    return [
        (
            case.get("classname"),
            case.get("name"),
            case[0].tag if len(case) else "",
            (case[0].get("message") or case[0].text or "") if len(case) else "",
        )
        for case in suite.iter("testcase")
    ]


def test_a_learner_is_a_suite_and_a_check_is_a_case() -> None:
    [suite] = suites(a_result(graded("q3", "passed"), graded("q6", "failed", "skipped")))
    assert suite.attrib == {
        "name": "ada", "tests": "3", "failures": "1", "errors": "0", "skipped": "1",
    }  # fmt: skip
    assert outcomes(suite) == [
        ("ada.q3", "q3_check1", "system-out", "Message of q3_check1."),
        ("ada.q6", "q6_check1", "failure", "Message of q6_check1. Hint: Hint of q6_check1."),
        ("ada.q6", "q6_check2", "skipped", "Message of q6_check2. Hint: Hint of q6_check2."),
    ]


def test_what_is_known_of_a_learner_is_in_properties() -> None:
    [suite] = suites(a_result(notices=("Look!",)))
    properties = {each.get("name"): each.get("value") for each in suite.iter("property")}
    assert properties == {
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "status": "failed",
        "points": "2",
        "max_points": "4",
        "late": "no",
        "attempt": "2 of 2",
        "handed_in": "2026-01-02T03:04:05+00:00",
        "notice": "Look!",
    }


@pytest.mark.parametrize(
    ("result", "name", "outcome", "message"),
    [
        (a_result(error()), "graded", "error", "q6, Title of q6: error. the kit broke"),
        (a_result(missing()), "graded", "error", "q6, Title of q6: not graded yet"),
        (not_handed_in(), "graded", "skipped", "Nothing was handed in."),
        (
            a_result(absent()),
            "answered",
            "failure",
            "q6, Title of q6: 0 of 4 points, absent. No file.",
        ),
        (
            a_result(words()),
            "marked by a person",
            "skipped",
            "q1, What is it?: to be marked. Answered.",
        ),
        (
            a_result(words(manual=by_hand(1, 4, "Short"))),
            "marked by a person",
            "failure",
            "q1, What is it?: 1 of 4 points, marked by a person: Short",
        ),
    ],
)
def test_what_checks_do_not_tell_is_a_case_of_its_own(
    result: Result, name: str, outcome: str, message: str
) -> None:
    [suite] = suites(result)
    assert outcomes(suite)[0][1:] == (name, outcome, message)


def test_a_persons_mark_stands_above_the_checks() -> None:
    [suite] = suites(a_result(graded(manual=by_hand(4, comment="Fine"))))
    assert outcomes(suite) == [
        (
            "ada.q6",
            "marked by a person",
            "system-out",
            "q6, Title of q6: 4 of 4 points, marked by a person: Fine",
        ),
        ("ada.q6", "q6_check1", "system-out", "Message of q6_check1."),
        (
            "ada.q6",
            "q6_check2",
            "skipped",
            "A person's mark stands above it. Message of q6_check2. Hint: Hint of q6_check2.",
        ),
    ]


def test_a_suite_counts_its_own_cases() -> None:
    for suite in suites(*EVERY_KIND):
        found = Counter(outcome for _, _, outcome, _ in outcomes(suite))
        assert suite.get("tests") == str(len([*suite.iter("testcase")]))
        assert suite.get("failures") == str(found["failure"])
        assert suite.get("errors") == str(found["error"])
        assert suite.get("skipped") == str(found["skipped"])


def test_terminal_escapes_and_what_xml_cannot_hold_are_shown_as_escapes() -> None:
    learner = a_learner("a\x00\ud800<&>", "\x1b[31m")
    [suite] = suites(a_result(learner=learner))
    assert suite.get("name") == r"a\x00\ud800<&>"
    assert suite[0][0].get("value") == r"\x1b[31m"


@unhurried
@given(results())
def test_any_result_keeps_to_the_schema_and_shows_nothing_that_steers(result: Result) -> None:
    text = "".join(write_junit([result], ()))
    validate(fromstring(text.encode()))
    assert_harmless(text, in_ascii=False)


def test_the_file_is_written_while_the_class_is_read() -> None:
    class_ = Counting(a_result() for _ in range(5))
    parts = write_junit(class_, ())
    next(parts)
    next(parts)
    assert class_.read == 1

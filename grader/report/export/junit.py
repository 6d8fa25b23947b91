"""A class as JUnit XML: a suite a learner, a case a check, for CI systems that show tests.

Valid by junit-10.xsd of github.com/jenkinsci/xunit-plugin, which pytest holds its own to as well.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from grader.mark import CheckResult
from grader.report.export.standing import scored, standing, total
from grader.report.neutral import neutral
from grader.results import ExerciseResult, Result, number

_COUNTED = {"failure": "failures", "error": "errors", "skipped": "skipped"}


class _Case(NamedTuple):
    """A test case: its name, how it came out ("" for passed), and what is to say of it.

    All text goes through neutral(), which leaves nothing that XML could not hold.
    """

    name: str
    outcome: str
    message: str


def write_junit(results: Iterable[Result], exercises: tuple[str, ...]) -> Iterator[str]:  # noqa: ARG001 -- as all formats are written
    """The file, a learner after the other."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="multiprocessing exercises">\n'
    for result in results:
        suite = _suite(result)
        indent(suite, level=1)
        yield f"  {tostring(suite, encoding='unicode').rstrip()}\n"
    yield "</testsuites>\n"


def _suite(result: Result) -> Element:
    learner = neutral(result.learner.id)
    cases = [
        (neutral(f"{result.learner.id}.{exercise.id}"), case)
        for exercise in result.exercises
        for case in _cases(exercise, handed_in=result.submission is not None)
    ]
    outcomes = [case.outcome for _, case in cases]
    counts = {plural: str(outcomes.count(one)) for one, plural in _COUNTED.items()}
    suite = Element("testsuite", {"name": learner, "tests": str(len(cases)), **counts})
    properties = SubElement(suite, "properties")
    for name, value in _facts(result):
        SubElement(properties, "property", {"name": name, "value": neutral(value)})
    for class_name, case in cases:
        element = SubElement(suite, "testcase", {"classname": class_name, "name": case.name})
        if case.outcome:
            SubElement(element, case.outcome, {"message": case.message})
        elif case.message:
            SubElement(element, "system-out").text = case.message
    return suite


def _facts(result: Result) -> Iterator[tuple[str, str]]:
    learner, handed_in = result.learner, result.submission
    points = total(result)
    yield "name", learner.name
    yield "email", learner.email
    yield "status", standing(result)
    if points is not None:
        yield "points", number(points)
        yield "max_points", number(result.max_points)
    if handed_in is not None:
        yield "late", "yes" if handed_in.late else "no"
        yield "attempt", f"{handed_in.attempt} of {handed_in.attempts}"
        yield "handed_in", handed_in.handed_in
    for notice in result.notices:
        yield "notice", notice


def _cases(exercise: ExerciseResult, *, handed_in: bool) -> Iterator[_Case]:
    """The exercise as a whole, where there is more to say than its checks do, and its checks."""
    whole = scored(exercise)
    if exercise.manual is not None:
        passed = exercise.manual.points >= exercise.max_points
        yield _Case("marked by a person", "" if passed else "failure", whole)
    elif exercise.report is None:
        outcome = "error" if handed_in else "skipped"
        yield _Case("graded", outcome, whole if handed_in else "Nothing was handed in.")
    elif exercise.status == "error":
        yield _Case("graded", "error", whole)
    elif exercise.status == "absent":
        yield _Case("answered", "failure", whole)
    elif exercise.status == "manual":
        yield _Case("marked by a person", "skipped", whole)
    for check in exercise.report.checks if exercise.report is not None else ():
        yield _check(check, overruled=exercise.manual is not None)


def _check(check: CheckResult, *, overruled: bool) -> _Case:
    hint = f" Hint: {check.hint}" if check.hint else ""
    message = neutral(f"{check.message}{hint}")
    if check.status in ("passed", "advice"):
        return _Case(neutral(check.id), "", message)
    if overruled:
        return _Case(neutral(check.id), "skipped", f"A person's mark stands above it. {message}")
    return _Case(neutral(check.id), "failure" if check.status == "failed" else "skipped", message)

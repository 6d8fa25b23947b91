"""A learner's results as what GitHub Classroom's reporter reads of a test runner.

The reporter (github.com/classroom-resources/autograding-grading-reporter, src/main.js and
src/console-results.js) reads the document in base64 from an environment variable. It adds up the
`score` of every test without looking whether there is one, writes "line undefined" where there is
no `line_no`, and prints names and messages into the log of the job.
"""

from collections.abc import Iterator
from typing import Any

from grader.mark import CheckResult
from grader.report.export.standing import scored
from grader.report.neutral import neutral
from grader.results import ExerciseResult, Result

_VERSION = 1
"""Of the document, as runners write it; the reporter does not look at it."""

_OK = ("passed", "advice")


def classroom(result: Result) -> dict[str, Any]:
    """The document. What has no points yet is left out of `max_score`, and so is no zero."""
    tests = [test for exercise in result.exercises for test in _tests(exercise)]
    statuses = {test["status"] for test in tests}
    failed = next((status for status in ("error", "fail") if status in statuses), "pass")
    return {
        "version": _VERSION,
        "status": failed if tests else "error",
        "max_score": result.max_points,
        "tests": tests,
    }


def _tests(exercise: ExerciseResult) -> Iterator[dict[str, Any]]:
    if exercise.manual is not None:
        passed = exercise.manual.points >= exercise.max_points
        yield _whole(exercise, "pass" if passed else "fail", exercise.manual.points)
    elif exercise.status in ("error", "missing"):
        yield _whole(exercise, "error", 0)
    elif exercise.status == "manual":
        # There is no status for what waits for a person, and an answer is no failure.
        yield _whole(exercise, "pass", 0)
    elif exercise.report is not None and exercise.report.checks:
        for check in exercise.report.checks:
            yield _check(exercise, check)
    else:
        yield _whole(exercise, "pass" if exercise.status == "passed" else "fail", 0)


def _whole(exercise: ExerciseResult, status: str, points: float) -> dict[str, Any]:
    """An exercise as one test: marked by a person, or without checks that tell anything."""
    name = neutral(f"{exercise.id}: {exercise.title}")
    most = exercise.max_points if exercise.points is not None else 0
    return _test(name, status, scored(exercise), points, most)


def _check(exercise: ExerciseResult, check: CheckResult) -> dict[str, Any]:
    name = neutral(f"{exercise.id}: {check.title}")
    status = "pass" if check.status in _OK else "fail"
    hint = f" Hint: {check.hint}" if check.hint else ""
    message = neutral(f"{check.message}{hint}")
    return _test(name, status, message, check.points, check.max_points)


def _test(name: str, status: str, message: str, score: float, most: float) -> dict[str, Any]:
    return {
        "name": name,
        "status": status,
        "message": message,
        "line_no": 0,
        "filename": "",
        "test_code": "",
        "score": score,
        "max_score": most,
    }

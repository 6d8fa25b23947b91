"""A learner's results as Gradescope's results.json.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/ ("Output format").
"""

from typing import Any

from grader.mark import CheckResult
from grader.report.export.standing import scored
from grader.report.neutral import neutral
from grader.results import ExerciseResult, Result

_PASSED = ("passed", "advice")


def gradescope(result: Result) -> dict[str, Any] | None:
    """The document, or None for who has no score yet.

    Gradescope takes a missing score for zero, so there is none where the kit failed at an
    exercise, or has not graded it. An answer in words gets its points there, by hand, on top.
    """
    statuses = {each.status for each in result.exercises}
    if statuses & {"error", "missing"} or statuses <= {"manual"}:
        return None
    tests = [
        test
        for place, exercise in enumerate(result.exercises, start=1)
        for test in _tests(str(place), exercise)
    ]
    return {
        "score": result.points,
        "output": "\n".join(map(scored, result.exercises)),
        "output_format": "text",
        "visibility": "visible",
        "tests": tests,
    }


def _tests(number: str, exercise: ExerciseResult) -> list[dict[str, Any]]:
    checks = exercise.report.checks if exercise.report is not None else ()
    counts = exercise.manual is None
    tests = [
        _check(f"{number}.{place}", exercise, check, counts=counts)
        for place, check in enumerate(checks, start=1)
    ]
    return tests if tests and counts else [_whole(number, exercise), *tests]


def _whole(number: str, exercise: ExerciseResult) -> dict[str, Any]:
    """An exercise that has no checks, or is marked by a person, as one test."""
    name = neutral(f"{exercise.id}: {exercise.title}")
    test = _test(number, name, scored(exercise))
    if exercise.points is None:
        return test
    passed = exercise.status == "passed" or (
        exercise.manual is not None and exercise.points >= exercise.max_points
    )
    return test | {
        "score": exercise.points,
        "max_score": exercise.max_points,
        "status": "passed" if passed else "failed",
    }


def _check(
    number: str, exercise: ExerciseResult, check: CheckResult, *, counts: bool
) -> dict[str, Any]:
    """A check; under a person's mark it has no score, for the mark stands above it."""
    hint = f"\nHint: {neutral(check.hint)}" if check.hint else ""
    name = neutral(f"{exercise.id}: {check.title}")
    test = _test(number, name, f"{neutral(check.message)}{hint}")
    test["status"] = "passed" if check.status in _PASSED else "failed"
    if not counts:
        return test
    return test | {"score": check.points, "max_score": check.max_points}


def _test(number: str, name: str, output: str) -> dict[str, Any]:
    return {
        "name": name,
        "name_format": "text",
        "number": number,
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }

"""A trace and an exercise's checks make a report."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import exercise, exercise_ids
from grader.checks.base import Check, Exercise, Verdict, fails, holds
from grader.mark import ExerciseReport, Report, Status, absent, mark, ungradable
from grader.trace import Trace
from tests.report.traces import a_check, a_report, a_trace, an_exercise

TRACE = a_trace()


def _check(name: str, verdict: Verdict, *needs: str, points: int = 2) -> Check:
    return Check(
        id=name,
        title=f"Title of {name}",
        points=points,
        judge=lambda trace: verdict,
        hints=(f"First hint of {name}", f"Second hint of {name}"),
        needs=needs,
    )


def _marked(*checks: Check) -> ExerciseReport:
    return mark(TRACE, Exercise(id="q0", title="A title", question="Why?", checks=checks))


def _statuses(report: ExerciseReport) -> dict[str, str]:
    return {check.id: check.status for check in report.checks}


GOOD, BAD = holds("It does."), fails("It does not.")


def test_an_exercise_whose_checks_all_hold_passes_with_all_points() -> None:
    report = _marked(_check("a", GOOD, points=3), _check("b", GOOD, "a", points=7))
    assert (report.status, report.points, report.max_points) == ("passed", 10, 10)


def test_one_failed_check_fails_the_exercise_and_costs_its_own_points_only() -> None:
    report = _marked(_check("a", GOOD, points=3), _check("b", BAD), _check("c", GOOD, points=4))
    assert (report.status, report.points, report.max_points) == ("failed", 7, 9)
    assert [(check.points, check.max_points) for check in report.checks] == [
        (3, 3),
        (0, 2),
        (4, 4),
    ]


def test_the_report_carries_the_exercise_and_the_trace() -> None:
    report = _marked(_check("a", GOOD))
    assert (report.id, report.title, report.trace, report.note) == ("q0", "A title", TRACE, "")


def test_the_checks_are_reported_in_the_exercises_order() -> None:
    report = _marked(_check("b", GOOD), _check("a", BAD), _check("c", GOOD))
    assert list(_statuses(report)) == ["b", "a", "c"]


def test_a_check_whose_dependency_failed_is_skipped_and_says_for_which() -> None:
    report = _marked(_check("a", BAD), _check("b", GOOD, "a"))
    assert _statuses(report) == {"a": "failed", "b": "skipped"}
    assert report.checks[1].message == "Looked at once a holds."
    assert report.points == 0


def test_a_skipped_check_is_not_even_judged() -> None:
    def judge(_trace: Trace) -> Verdict:
        raise AssertionError

    unjudgeable = Check(id="b", title="", points=1, judge=judge, hints=("",), needs=("a",))
    assert _statuses(_marked(_check("a", BAD), unjudgeable))["b"] == "skipped"


def test_skipping_goes_on_from_check_to_check() -> None:
    report = _marked(_check("a", BAD), _check("b", GOOD, "a"), _check("c", GOOD, "b"))
    assert _statuses(report) == {"a": "failed", "b": "skipped", "c": "skipped"}


def test_a_skipped_check_names_only_the_dependencies_that_do_not_hold() -> None:
    report = _marked(
        _check("a", BAD), _check("b", GOOD), _check("c", BAD), _check("d", GOOD, "a", "b", "c")
    )
    assert report.checks[3].message == "Looked at once a and c holds."


def test_a_check_that_depends_on_no_failure_is_looked_at() -> None:
    report = _marked(_check("a", BAD), _check("b", GOOD), _check("c", BAD, "b"))
    assert _statuses(report) == {"a": "failed", "b": "passed", "c": "failed"}


def test_the_message_is_the_verdicts() -> None:
    report = _marked(_check("a", GOOD), _check("b", fails("It fails.", None, "A slip.")))
    assert [check.message for check in report.checks] == ["It does.", "It fails. A slip."]


def test_only_what_did_not_pass_has_a_hint_and_that_is_the_first() -> None:
    report = _marked(_check("a", GOOD), _check("b", BAD), _check("c", GOOD, "b"))
    hints = [check.hint for check in report.checks]
    assert hints == ["", "First hint of b", "First hint of c"]


def test_a_verdict_may_name_the_hint_that_fits_what_was_seen() -> None:
    report = _marked(_check("a", fails("It fails.", hint="Second hint of a")))
    assert report.checks[0].hint == "Second hint of a"


def test_a_check_is_judged_by_the_trace() -> None:
    seen: list[Trace] = []

    def judge(trace: Trace) -> Verdict:
        seen.append(trace)
        return GOOD

    _marked(Check(id="a", title="", points=1, judge=judge, hints=("",)))
    assert seen == [TRACE]


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 5), st.sets(st.integers(0, 7))), max_size=8)
)
def test_points_status_and_skipping_follow_from_the_verdicts_alone(
    facts: list[tuple[bool, int, set[int]]],
) -> None:
    checks = [
        _check(str(i), GOOD if good else BAD, *(str(n) for n in needs if n < i), points=points)
        for i, (good, points, needs) in enumerate(facts)
    ]
    report = _marked(*checks)
    found = _statuses(report)
    for (good, _points, _needs), check in zip(facts, checks, strict=True):
        if any(found[need] != "passed" for need in check.needs):
            assert found[check.id] == "skipped"
        else:
            assert found[check.id] == ("passed" if good else "failed")
    passed = [check for check in checks if found[check.id] == "passed"]
    assert report.points == sum(check.points for check in passed)
    assert (report.status == "passed") == (len(passed) == len(checks))


@pytest.mark.parametrize("id_", exercise_ids())
@pytest.mark.parametrize(("make", "status"), [(absent, "absent"), (ungradable, "error")])
def test_what_was_not_run_has_no_points_no_trace_all_checks_skipped_and_a_note(
    make: Callable[[Exercise, str], ExerciseReport], status: Status, id_: str
) -> None:
    asked = exercise(id_)
    report = make(asked, "The reason.")
    assert (report.id, report.title, report.status) == (id_, asked.title, status)
    assert (report.points, report.max_points) == (0, 10)
    assert (report.trace, report.note) == (None, "The reason.")
    assert [(c.id, c.title, c.status, c.points, c.max_points) for c in report.checks] == [
        (check.id, check.title, "skipped", 0, check.points) for check in asked.checks
    ]


@pytest.mark.parametrize("status", ["failed", "absent", "error"])
def test_a_report_passed_only_if_every_exercise_did(status: Status) -> None:
    good = an_exercise(a_check("joined"))
    assert a_report(good, good).passed
    assert not a_report(good, an_exercise(status=status), good).passed


def test_a_report_has_the_version_of_its_schema() -> None:
    assert Report(submission="q6.py", exercises=()).schema == 1

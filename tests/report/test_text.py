from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.mark import Report
from grader.report.lines import Lines, line_width, render
from grader.report.text import report_text, summary_text
from grader.report.timeline import timeline

from .harmless import assert_harmless
from .traces import a_check, a_report, an_exercise, q6_right, reports, unhurried


def text(report: Report, width: int = 80, **options: Any) -> list[str]:
    return render(report_text(report, width, **options), colour=False).split("\n")


def summary(report: Report, width: int = 80) -> list[str]:
    return render(summary_text(report, width), colour=False).split("\n")


FAILED = an_exercise(
    a_check("ran_clean"),
    a_check("four_processes", "failed"),
    a_check("joined", "skipped", message="Looked at once four_processes holds.", hint=""),
    a_check("portable", "advice", max_points=0),
)
PASSED = an_exercise(a_check("ran_clean"), a_check("joined"))
ABSENT = an_exercise(
    a_check("ran_clean", "skipped", message="Not looked at."),
    id="q3",
    title="Create a process",
    status="absent",
    trace=None,
    note="exercises/q3.py is still the skeleton.",
)
ERROR = an_exercise(
    id="q5",
    title="Create a pool",
    status="error",
    max_points=10,
    trace=None,
    note="The sandbox could not be started.",
)


def test_a_failed_exercise_reads_headline_picture_checks_and_the_first_thing_to_fix() -> None:
    picture = render(timeline(q6_right(), 80), colour=False).split("\n")
    assert text(a_report(FAILED)) == [
        "Graded: exercises/q6.py",
        "",
        "q6  Create 4 processes" + " " * 37 + "failed, 2 of 6 points",
        "",
        *picture,
        "",
        " passed     2/2  Title of ran_clean (ran_clean)",
        "                 Message of ran_clean.",
        " failed     0/2  Title of four_processes (four_processes)",
        "                 Message of four_processes.",
        " skipped    0/2  Title of joined (joined)",
        "                 Looked at once four_processes holds.",
        " advice          Title of portable (portable)",
        "                 Message of portable.",
        "",
        "Fix this first: Title of four_processes",
        "  Message of four_processes.",
        "  Hint: Hint of four_processes.",
    ]


def test_a_passed_exercise_says_so_in_its_last_line() -> None:
    assert text(a_report(PASSED))[-1] == "q6 passed with 4 of 4 points: nothing to fix."


def test_only_the_first_of_several_failed_checks_is_to_be_fixed_first() -> None:
    checks = [a_check("none", "skipped"), a_check("one", "failed"), a_check("two", "failed")]
    exercise = an_exercise(*checks)
    last = text(a_report(exercise))[-3:]
    assert last == [
        "Fix this first: Title of one",
        "  Message of one.",
        "  Hint: Hint of one.",
    ]


def test_an_absent_exercise_says_why_and_what_to_do() -> None:
    assert text(a_report(ABSENT))[2:] == [
        "q3  Create a process" + " " * 39 + "absent, 0 of 2 points",
        " exercises/q3.py is still the skeleton.",
        "",
        "To do: write an answer, then run: grade q3",
    ]


def test_an_error_of_the_kit_is_not_shown_as_zero_points() -> None:
    assert text(a_report(ERROR))[2:] == [
        "q5  Create a pool" + " " * 46 + "error, not marked",
        " The sandbox could not be started.",
        "",
        "The kit failed here, not you: this is not a mark, and costs no points.",
    ]


def test_a_headline_too_long_for_one_line_takes_two() -> None:
    exercise = an_exercise(a_check("one"), title="Create " + "many " * 12 + "processes")
    assert text(a_report(exercise))[2:4] == [
        "q6  Create " + "many " * 12 + "processes",
        "    passed, 2 of 2 points",
    ]


def test_long_messages_are_wrapped_under_their_title() -> None:
    exercise = an_exercise(a_check("one", message="word " * 20))
    lines = text(a_report(exercise))
    first = lines.index(" passed     2/2  Title of one (one)") + 1
    assert lines[first] == " " * 17 + " ".join(["word"] * 12)
    assert lines[first + 1] == " " * 17 + " ".join(["word"] * 8)


def test_several_exercises_end_with_the_total_of_what_was_marked() -> None:
    assert text(a_report(FAILED, PASSED))[-1] == "Total: 6 of 10 points"
    assert text(a_report(FAILED, ERROR))[-1] == "Total of what was marked: 2 of 6 points"


def test_the_summary_is_a_table_with_the_one_next_step() -> None:
    assert summary(a_report(PASSED, ABSENT, FAILED)) == [
        "q6  Create 4 processes" + " " * 42 + "passed       4/4",
        "q3  Create a process" + " " * 44 + "absent       0/2",
        "q6  Create 4 processes" + " " * 42 + "failed       2/6",
        "Total" + " " * 66 + "     6/12",
        "",
        "Next: q3  exercises/q3.py is still the skeleton.",
        "  Then run: grade q3",
    ]


def test_the_next_step_of_a_failed_exercise_is_its_first_failed_check() -> None:
    assert summary(a_report(ERROR, FAILED))[-2:] == [
        "Next: q6  Message of four_processes.",
        "  Then run: grade q6",
    ]


def test_in_the_summary_an_error_of_the_kit_counts_for_nothing() -> None:
    lines = summary(a_report(PASSED, ERROR))
    assert lines[1] == "q5  Create a pool" + " " * 47 + "error       -/10"
    assert lines[2].split() == ["Total", "of", "what", "was", "marked", "4/4"]
    assert lines[-1].endswith("the kit failed at the rest, and that costs no points.")


def test_when_all_passed_there_is_no_next_step() -> None:
    assert summary(a_report(PASSED))[-1] == "All passed: nothing to fix."


def test_statuses_are_words_and_colour_only_repeats_them() -> None:
    lines = report_text(a_report(FAILED), 80)
    styles = {text.strip(): style for line in lines for text, style in line}
    assert styles["passed"] == "good"
    assert styles["failed"] == "bad"
    assert styles["advice"] == "advice"


def test_learners_words_are_neutral_wherever_they_come_from() -> None:
    nasty = "\x1b[2J::stop-commands::x"
    check = a_check("one", "failed", title=nasty, message=nasty, hint=nasty)
    report = a_report(an_exercise(check, title=nasty, note=nasty), submission=nasty)
    shown = "\n".join([*text(report), *summary(report)])
    assert shown.count(r"\x1b[2J") == 10
    assert "\x1b" not in shown


def test_in_ascii_no_word_of_a_learner_is_left_as_it_was() -> None:
    word = "\u00e9" * 50
    check = a_check("one", "failed", title=word, message=word, hint=word)
    report = a_report(an_exercise(check, title=word, note=word), submission=word)
    for show in (report_text, summary_text):
        lines = show(report, 80, ascii=True)
        assert render(lines, colour=False).isascii()
        assert max(map(line_width, lines)) <= 80


@pytest.mark.parametrize("show", [report_text, summary_text])
@unhurried
@given(report=reports, width=st.integers(60, 200), in_ascii=st.booleans())
def test_no_line_of_any_report_is_too_wide_or_harmful(
    show: Callable[..., Lines], report: Report, width: int, *, in_ascii: bool
) -> None:
    lines = show(report, width, ascii=in_ascii)
    assert max(map(line_width, lines)) <= width
    assert_harmless(render(lines, colour=False), in_ascii=in_ascii)

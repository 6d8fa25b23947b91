from typing import Any

import pytest
from msgspec import structs

from grader.handed_in import HandedInFile
from grader.mark import Answer, ExerciseReport
from grader.report.html.learner_page import learner_page
from grader.results import ExerciseResult, ManualMark, Result
from grader.trace import Trace, Truncation
from tests.report.traces import MAIN, a_check, a_child, a_trace, a_write, an_exercise

from .classes import SCRIPT, a_result, a_submission, as_result
from .reading import Page


def page_of(result: Result, *files: HandedInFile) -> Page:
    return Page(learner_page(result, files))


def with_exercise(
    *checks: Any,
    manual: ManualMark | None = None,
    files: tuple[HandedInFile, ...] = (),
    **more: Any,
) -> Page:
    report: ExerciseReport = an_exercise(*checks, **more)
    return page_of(a_result(exercises=(as_result(report, manual),)), *files)


def with_trace(trace: Trace) -> Page:
    return with_exercise(a_check("ran_clean"), trace=trace)


def test_it_says_what_was_handed_in() -> None:
    submission = a_submission(
        place="class/ada.zip",
        handed_in="2026-04-30 23:58",
        late=True,
        attempt=2,
        attempts=3,
        problems=("notes.zip is no archive.",),
    )
    words = page_of(a_result(submission=submission)).words
    assert "Ada Lovelace s0001" in words
    assert "Found at class/ada.zip Handed in 2026-04-30 23:58, late Attempt 2 of 3" in words
    assert "Problems notes.zip is no archive." in words


def test_it_says_that_nothing_was_handed_in() -> None:
    missing = ExerciseResult(id="q6", title="Create 4 processes", report=None)
    words = page_of(a_result(submission=None, exercises=(missing,))).words
    assert "Nothing was handed in." in words
    assert "q6 Create 4 processes - not graded" in words


def test_it_says_why_a_person_should_look() -> None:
    assert (
        "For a person's eye q1 is to be read"
        in page_of(a_result(notices=("q1 is to be read",))).words
    )
    assert "For a person" not in page_of(a_result()).words


def test_each_check_has_its_status_points_message_and_where_it_failed_a_hint() -> None:
    words = with_exercise(
        a_check("ran_clean"), a_check("joined", "failed"), a_check("last", "skipped")
    ).words
    assert "✓ passed Title of ran_clean ran_clean Message of ran_clean. 2 / 2" in words
    assert "✗ failed Title of joined joined Message of joined. Hint Hint of joined. 0 / 2" in words
    assert "- skipped Title of last last Message of last. 0 / 2" in words


def test_the_status_and_the_points_of_an_exercise_stand_beside_its_title() -> None:
    words = with_exercise(a_check("ran_clean"), a_check("joined", "failed")).words
    assert "q6 Create 4 processes ✗ failed 2 / 4" in words


def test_a_persons_mark_stands_above_the_kits_own_and_is_told_from_it() -> None:
    mark = ManualMark(
        points=1.5, max_points=2, comment="Nearly.\nSee line 4.", at="2026-05-01T10:00"
    )
    words = with_exercise(a_check("ran_clean", "failed"), manual=mark).words
    assert "✎ marked by hand 1.5 / 2" in words
    assert (
        "A person's mark: 1.5 / 2 Nearly. See line 4. "
        "The kit's own mark: failed, 0 / 2. Marked at 2026-05-01T10:00." in words
    )


def test_where_nothing_was_looked_at_the_note_says_why_and_no_check_is_listed() -> None:
    skipped = a_check("joined", "skipped")
    for status in ("absent", "error"):
        words = with_exercise(skipped, status=status, note="There is no q6.py.").words
        assert "There is no q6.py." in words
        assert "Title of joined" not in words
    assert "Title of joined" in with_exercise(skipped, status="failed").words


def test_what_the_kit_could_not_do_has_no_points() -> None:
    words = with_exercise(status="error", note="No sandbox.", points=0, max_points=10).words
    assert "! error - / 10" in words
    assert "No sandbox." in words


@pytest.mark.parametrize(
    ("answer", "name", "said", "to"),
    [
        (Answer(lines=(4, 10), belief="number", why="Q6"), "all.py", "lines 4 to 10", "f1L4"),
        (Answer(lines=(400, 500), belief="number", why="Q6"), "all.py", "lines 400 to 500", None),
        (Answer(cells=(0, 7), belief="number", why="Q6"), "all.py", "cell 1, cell 8", None),
    ],
)
def test_the_answer_that_was_taken_is_named_and_linked_to(
    answer: Answer, name: str, said: str, to: str | None
) -> None:
    page = with_exercise(answer=answer, files=(HandedInFile(name, SCRIPT.encode()),))
    assert f"Taken for the answer: {said}, since Q6." in page.words
    assert bool(page.of("a", href=f"#{to}")) == (to is not None)


def test_what_each_process_printed_is_shown_line_by_line_and_by_stream() -> None:
    trace = a_trace(
        a_child(MAIN + 1),
        writes=(
            a_write(MAIN + 1, "one\n"),
            a_write(MAIN + 1, "oh\n", stream="stderr"),
            a_write(MAIN + 1, "two\tthree\n"),
        ),
    )
    text = with_trace(trace).text
    assert "Process-1 4712 stdout\n\none\ntwo     three\n" in text
    assert "Process-1 4712 stderr\n\noh\n" in text


def test_output_is_cut_and_says_by_how_much() -> None:
    trace = a_trace(writes=(a_write(MAIN, "x\n" * 1000),), truncated=(Truncation(MAIN, 5000),))
    page = with_trace(trace)
    assert (
        "1,880 more characters are not shown. 5,000 bytes of what it wrote were not kept."
        in page.words
    )
    assert page.html.partition("<pre>")[2].partition("</pre>")[0].count("x\n") == 60


def test_a_page_stays_bounded_whatever_is_on_it() -> None:
    many = [a_child(MAIN + n, name="n" * 500) for n in range(1, 400)]
    writes = tuple(a_write(MAIN + n % 400, "word " * 200, n / 10_000) for n in range(20_000))
    long = "w" * 100_000
    check = a_check("ran_clean", "failed", message=long, hint=long, title=long)
    result = a_result(
        submission=a_submission(place=long, problems=(long,) * 1000),
        notices=(long,) * 1000,
        exercises=(as_result(an_exercise(check, note=long, trace=a_trace(*many, writes=writes))),),
    )
    html = learner_page(result, (HandedInFile("a.py", b"x = 1\n" * 100_000),))
    assert len(html) < 2_000_000
    assert "98,000 more lines of it are not shown." in html
    assert "and 300 processes more" in html


def test_a_name_that_is_only_blanks_can_still_be_clicked_and_read() -> None:
    result = a_result()
    nameless = structs.replace(result, learner=structs.replace(result.learner, id=" ", name=" "))
    assert "(no name)" in page_of(nameless).words

"""Moodle's grading worksheet as it is downloaded, filled in."""

import csv
from html.parser import HTMLParser
from io import StringIO

import pytest
from hypothesis import given

from grader.report.export.filling import Filled
from grader.report.export.moodle import feedback, fill_moodle
from grader.report.export.sheets import SheetError, read_sheet, sheet_bytes
from grader.results import Result
from tests.report.harmless import assert_harmless
from tests.report.traces import unhurried

from .made import a_learner, a_result, absent, by_hand, error, graded, results, words

# As mod/assign/gradingtable.php of github.com/moodle/moodle writes it.
WORKSHEET = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum Grade",\
"Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 4711","Ada Lovelace",s1,ada@example.org,"Submitted for grading",,4.00,Yes,\
"Friday, 2 January 2026, 3:04 AM",-,
"Participant 4712","Grace Hopper",s2,grace@example.org,"No submission",1.00,4.00,Yes,-,-,\
"Well done, Grace"
"Participant 4713","Alan Turing",s3,alan@example.org,"Submitted for grading",,4.00,No,-,-,
"""
GERMAN = """\
ID;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;\
Zuletzt geändert (Bewertung);Feedback als Kommentar
Teilnehmer/in4711;ada@example.org;-;;4,00;Ja;-;
Teilnehmer/in4713;alan@example.org;-;;4,00;Nein;-;
"""
ADA = a_learner(ids={"moodle": "Participant 4711"})
GRACE = a_learner("grace", "Grace", ids={"moodle": "Participant 4712"})
ALAN = a_learner("alan", "Alan", ids={"moodle": "Participant 4713"})
CLASS = tuple(a_result(learner=each) for each in (ADA, GRACE, ALAN))

GRADE, COMMENTS = 5, 10


def fill(*class_: Result, text: str = WORKSHEET, column: str | None = None) -> Filled:
    return fill_moodle(read_sheet(text.encode()), class_, column)


def rows(filled: Filled) -> list[list[str]]:
    text = sheet_bytes(filled.sheet).decode()
    return [*csv.reader(StringIO(text, newline=""), delimiter=filled.sheet.delimiter)]


def without_ours(filled: Filled) -> list[list[str]]:
    return [[*row[:GRADE], *row[GRADE + 1 : COMMENTS]] for row in rows(filled)]


def test_grades_and_comments_are_filled_in_and_everything_else_stays_as_it_is() -> None:
    filled = fill(*CLASS)
    assert [row[GRADE] for row in rows(filled)[1:]] == ["2.00", "2.00", ""]
    assert rows(filled)[1][COMMENTS] == feedback(CLASS[0])
    before = [*csv.reader(StringIO(WORKSHEET))]
    assert without_ours(filled) == [[*r[:GRADE], *r[GRADE + 1 : COMMENTS]] for r in before]
    assert sheet_bytes(filled.sheet).decode().splitlines()[0] == WORKSHEET.splitlines()[0]


def test_a_grade_that_cannot_be_changed_and_a_comment_of_a_person_stay_and_are_told() -> None:
    filled = fill(*CLASS)
    assert sheet_bytes(filled.sheet).decode().splitlines()[3] == WORKSHEET.splitlines()[3]
    assert rows(filled)[2][COMMENTS] == "Well done, Grace"
    assert filled.rows == 2
    assert filled.remarks == (
        "1 learner left as they are in the sheet: Alan (the grade cannot be changed)",
        "1 learner with a comment of somebody else, which is kept: Grace",
    )


def test_a_comment_of_ours_is_written_again() -> None:
    again = sheet_bytes(fill(*CLASS).sheet).decode()
    better = a_result(graded("q6", "passed", "passed"), learner=ADA)
    filled = fill(better, *CLASS[1:], text=again)
    assert rows(filled)[1][GRADE] == "4.00"
    assert rows(filled)[1][COMMENTS] == feedback(better)


def test_what_has_no_points_yet_gets_neither_grade_nor_comment() -> None:
    filled = fill(a_result(error(), learner=ADA), *CLASS[1:])
    assert sheet_bytes(filled.sheet).decode().splitlines()[1] == WORKSHEET.splitlines()[1]
    assert any("no points yet" in remark and "q6: error" in remark for remark in filled.remarks)


@pytest.mark.parametrize(
    "learner",
    [
        a_learner("x", "X", email="", ids={"moodle": "Deelnemer 4711"}),
        a_learner("x", "X", email="", ids={"sis": "s1"}),
        a_learner("s1", "X", email=""),
        a_learner("x", "X", email="", ids={"id": "s1"}),
        a_learner("x", "X", email="ADA@example.org"),
        a_learner("x", "ada lovelace", email=""),
    ],
)
def test_a_participant_is_known_by_number_id_email_or_a_name_that_is_there_once(
    learner: object,
) -> None:
    filled = fill(a_result(learner=learner))  # type: ignore[arg-type]
    assert rows(filled)[1][GRADE] == "2.00"


def test_a_german_worksheet_without_names_is_filled_in_in_its_style() -> None:
    filled = fill(a_result(learner=ADA), a_result(learner=ALAN), text=GERMAN)
    assert [row[3] for row in rows(filled)[1:]] == ["2,00", ""]
    assert rows(filled)[1][7] == feedback(CLASS[0])


def test_in_another_language_the_column_is_named() -> None:
    text = 'Identifiant,Statut,Note,Note maximale\nParticipant 4711,Remis,,"4,00"\n'
    with pytest.raises(SheetError, match="--column"):
        fill(*CLASS, text=text)
    filled = fill(*CLASS, text=text, column="note")
    assert sheet_bytes(filled.sheet).decode().endswith('Participant 4711,Remis,"2,00","4,00"\n')


@pytest.mark.parametrize(
    ("text", "column", "why"),
    [
        (WORKSHEET.replace("Maximum Grade", "Scale"), None, "words of a scale"),
        (WORKSHEET, "Points", "no column 'Points'"),
        ("", None, "no column Grade"),
        (WORKSHEET.replace("47", "57").replace("example", "other"), None, "none of its rows"),
    ],
)
def test_a_sheet_that_cannot_be_filled_in_is_refused(
    text: str, column: str | None, why: str
) -> None:
    with pytest.raises(SheetError, match=why):
        fill(
            a_result(learner=a_learner("x", "X", ids={"moodle": "Participant 4711"})),
            text=text,
            column=column,
        )


def test_another_maximum_is_told_and_what_moodle_would_refuse() -> None:
    filled = fill(*CLASS, text=WORKSHEET.replace("4.00", "1.50"))
    assert filled.remarks[0] == (
        'points are written as they are, not scaled: the sheet gives 1.5 for "Grade", '
        "the exercises 4"
    )
    assert filled.remarks[1] == (
        "2 learners with more points than the sheet allows: Ada Lovelace, Grace"
    )


def test_the_comment_tells_points_what_is_to_mend_and_who_marked() -> None:
    result = a_result(words(manual=by_hand(3, 4, "<b>Good</b>")), graded("q3"), absent("q6"))
    assert feedback(result) == (
        "<p><strong>Multiprocessing exercises</strong>: 5 of 12 points.</p><ul>"
        "<li>q1, What is it?: 3 of 4 points, marked by a person: &lt;b&gt;Good&lt;/b&gt;</li>"
        "<li>q3, Title of q3: 2 of 4 points, failed<ul><li>Title of q3_check2: "
        "Message of q3_check2. Hint: Hint of q3_check2.</li></ul></li>"
        "<li>q6, Title of q6: 0 of 4 points, absent. No file.</li></ul>"
    )


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert attrs == []


@unhurried
@given(results())
def test_nothing_that_was_written_becomes_html(result: Result) -> None:
    page = feedback(result)
    tags = _Tags()
    tags.feed(page)
    assert tags.seen <= {"p", "strong", "ul", "li"}
    assert "\n" not in page
    assert_harmless(page, in_ascii=False)

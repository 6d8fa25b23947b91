"""Canvas's gradebook as it is exported, filled in."""

import csv

import pytest

from grader.report.export.canvas import fill_canvas
from grader.report.export.filling import Filled
from grader.report.export.sheets import SheetError, read_sheet, sheet_bytes
from grader.results import Result

from .made import (
    Counting,
    a_learner,
    a_result,
    by_hand,
    error,
    graded,
    not_handed_in,
    words,
)

# As lib/gradebook_exporter.rb of github.com/instructure/canvas-lms writes it.
SHEET_OF_CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Essay (100),Multiprocessing (200),Assignments \
Current Score,Final Score (2026)
,,,,,,Manual Posting,,
    Points Possible,,,,,10,4.00,(read only),(read only)
"Lovelace, Ada",4711,s1,ada@example.org,Monday,9,,90.0,90.0
"Hopper, Grace",4712,s2,grace,"Monday, late",EX,1.00,80.0,"80,0"
"Student, Test",99,,test,Monday,,,,
"""
ADA = a_learner(ids={"canvas": "4711"})
GRACE = a_learner("grace", "Grace Hopper", ids={"sis": "s2"})
CLASS = (a_result(learner=ADA), a_result(graded("q6", "passed", "passed"), learner=GRACE))


def fill(*class_: Result, text: str = SHEET_OF_CANVAS, column: str | None = "200") -> Filled:
    return fill_canvas(read_sheet(text.encode()), class_, column)


def lines(filled: Filled) -> list[str]:
    return sheet_bytes(filled.sheet).decode().splitlines()


def test_points_are_filled_in_and_everything_else_stays_as_it_is() -> None:
    filled = fill(*CLASS)
    wanted = SHEET_OF_CANVAS.splitlines()
    wanted[3] = '"Lovelace, Ada",4711,s1,ada@example.org,Monday,9,2.00,90.0,90.0'
    wanted[4] = '"Hopper, Grace",4712,s2,grace,"Monday, late",EX,4.00,80.0,"80,0"'
    assert lines(filled) == wanted
    assert (filled.rows, filled.remarks) == (2, ())


def points(filled: Filled, line: int) -> str:
    """What stands in the column Multiprocessing."""
    cell: str = [*csv.reader(lines(filled))][line][6]
    return cell


@pytest.mark.parametrize(
    "learner",
    [
        a_learner("x", "X", email="", ids={"canvas": "4712"}),
        a_learner("x", "X", email="", ids={"sis": "s2"}),
        a_learner("x", "X", email="", ids={"login": "grace"}),
        a_learner("s2", "X", email=""),
        a_learner("x", "X", email="", ids={"id": "s2"}),
        a_learner("grace", "X", email=""),
    ],
)
def test_a_learner_is_known_by_any_id_of_canvas(learner: object) -> None:
    filled = fill(a_result(learner=learner))  # type: ignore[arg-type]
    assert points(filled, 4) == "2.00"
    assert not any("name alone" in remark for remark in filled.remarks)


def test_a_login_that_is_an_email_is_one() -> None:
    filled = fill(a_result(learner=a_learner("x", "X", email="Ada@Example.org")))
    assert points(filled, 3) == "2.00"


def test_who_is_known_by_name_alone_is_said() -> None:
    filled = fill(a_result(learner=a_learner("x", "Ada Lovelace", email="")))
    assert points(filled, 3) == "2.00"
    assert filled.remarks[0] == "1 learner matched by name alone: Ada Lovelace"


def test_what_does_not_match_is_told_from_both_sides() -> None:
    filled = fill(CLASS[0], a_result(learner=a_learner("eve", "Eve")))
    assert filled.remarks == (
        "1 learner not in the sheet: Eve",
        "1 row of the sheet of nobody in the gradebook: Hopper, Grace",
    )


@pytest.mark.parametrize("first", [error("q3"), words()])
def test_what_has_no_points_yet_leaves_its_cell_alone(first: object) -> None:
    pending = a_result(first, graded("q6"), learner=GRACE)  # type: ignore[arg-type]
    filled = fill(CLASS[0], pending)
    assert lines(filled)[4] == SHEET_OF_CANVAS.splitlines()[4]
    [remark] = filled.remarks
    assert remark.startswith("1 learner with no points yet, whose cells stay as they are: Grace")


def test_who_has_not_handed_in_gets_no_zero() -> None:
    filled = fill(CLASS[1], not_handed_in("s1", "Ada"))
    assert lines(filled)[3] == SHEET_OF_CANVAS.splitlines()[3]
    assert "Ada (not handed in)" in filled.remarks[0]


@pytest.mark.parametrize("value", ["EX", "N/A"])
def test_who_is_excused_or_not_assigned_stays_so(value: str) -> None:
    text = SHEET_OF_CANVAS.replace(",Monday,9,,", f",Monday,9,{value},")
    filled = fill(*CLASS, text=text)
    assert lines(filled)[3] == text.splitlines()[3]
    assert f"1 learner left as they are in the sheet: Ada Lovelace ({value})" in filled.remarks


def test_points_are_not_scaled_but_a_different_maximum_is_told() -> None:
    filled = fill(*CLASS, text=SHEET_OF_CANVAS.replace(",10,4.00,", ",10,3.00,"))
    assert points(filled, 3) == "2.00"
    assert filled.remarks == (
        (
            "points are written as they are, not scaled: the sheet gives 3 for "
            '"Multiprocessing (200)", the exercises 4'
        ),
        "1 learner with more points than the sheet allows: Grace Hopper",
    )


def test_a_persons_points_are_filled_in() -> None:
    filled = fill(a_result(graded(manual=by_hand(3.125)), learner=ADA), CLASS[1])
    assert points(filled, 3) == "3.125"


@pytest.mark.parametrize("column", ["200", "Multiprocessing", "multiprocessing (200)"])
def test_a_column_is_named_by_its_heading_title_or_number(column: str) -> None:
    assert fill(*CLASS, column=column).rows == 2


def test_the_only_assignment_needs_no_name() -> None:
    text = SHEET_OF_CANVAS.replace("Essay (100)", "Notes")
    assert lines(fill(*CLASS, text=text, column=None)) == lines(fill(*CLASS, text=text))


@pytest.mark.parametrize(
    ("column", "why"),
    [
        (None, r"several assignments.*Essay \(100\), Multiprocessing \(200\)\."),
        ("300", "not one column '300'"),
        ("Final Score (2026)", "not one column"),
    ],
)
def test_a_column_that_is_not_clear_is_refused_with_those_there_are(
    column: str | None, why: str
) -> None:
    with pytest.raises(SheetError, match=why):
        fill(*CLASS, column=column)


def test_a_column_that_canvas_does_not_take_is_refused_in_any_language() -> None:
    text = SHEET_OF_CANVAS.replace(",10,4.00,", ",10,(läs endast),")
    with pytest.raises(SheetError, match="not one column"):
        fill(*CLASS, text=text)


def test_a_total_of_canvas_is_no_assignment_even_where_no_row_says_so() -> None:
    text = "Student,ID,Section,Final Score (2026),W (1)\nLovelace,4711,M,,\n"
    assert lines(fill(*CLASS, text=text, column=None))[1] == "Lovelace,4711,M,,2"


def test_a_sheet_with_semicolons_and_decimal_commas_keeps_them() -> None:
    text = (
        "\ufeffStudent;ID;SIS Login ID;Section;Multiprocessing (200)\r\n"
        "    Points Possible;;;;4,0\r\nLovelace, Ada;4711;ada;Monday;\r\n"
    )
    filled = fill(a_result(learner=ADA), text=text, column=None)
    assert sheet_bytes(filled.sheet).decode() == text.replace("Monday;\r", "Monday;2,0\r")


def test_names_in_two_columns_are_one() -> None:
    text = "LastName,FirstName,ID,SIS Login ID,Section,Work (1)\nLovelace,Ada,7,x,M,\n"
    filled = fill(a_result(learner=a_learner("x1", email="")), text=text, column=None)
    assert lines(filled)[1] == "Lovelace,Ada,7,x,M,2"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Name,Points\nAda,\n", "no gradebook of Canvas"),
        ("", "no gradebook of Canvas"),
        ("Student,ID,Section\nAda,1,M\n", "no column of an assignment"),
        ("Student,ID,Section,W (1)\nEve,9,M,\n", "none of its rows"),
    ],
)
def test_a_sheet_of_something_else_is_refused(text: str, why: str) -> None:
    with pytest.raises(SheetError, match=why):
        fill(*CLASS, text=text, column=None)


def test_the_class_is_read_once() -> None:
    class_ = Counting(CLASS)
    fill_canvas(read_sheet(SHEET_OF_CANVAS.encode()), class_, "200")
    assert class_.read == 2

"""The table of a class, as spreadsheets, pandas and Python read it."""

import csv
from io import BytesIO, StringIO

import pandas as pd  # type: ignore[import-untyped]
import pytest
from hypothesis import given

from grader.report.export.plain import cell, write_csv
from grader.results import Result
from tests.report.traces import nasty_texts, unhurried

from .made import (
    Counting,
    a_learner,
    a_result,
    by_hand,
    error,
    graded,
    not_handed_in,
    results,
    words,
)

EXERCISES = ("q1", "q6")


def table(*class_: Result) -> list[dict[str, str]]:
    text = "".join(write_csv(class_, EXERCISES))
    return [*csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))]


def test_a_learner_is_a_row_with_everything_there_is_to_know() -> None:
    [row] = table(
        a_result(
            words(manual=by_hand(3, 4, 'Well said, "Ada"')),
            graded(),
            notices=(
                "q6 put an end to what observed it",
                "2 others handed in the very same files",
            ),
        )
    )
    assert row == {
        "id": "ada",
        "name": "Ada Lovelace",
        "email": "ada@example.org",
        "status": "failed",
        "q1_status": "marked",
        "q1_points": "3",
        "q1_max": "4",
        "q6_status": "failed",
        "q6_points": "2",
        "q6_max": "4",
        "points": "5",
        "max_points": "8",
        "late": "no",
        "attempt": "2",
        "attempts": "2",
        "handed_in": "2026-01-02T03:04:05+00:00",
        "needs_a_person": "q6 put an end to what observed it; "
        "2 others handed in the very same files",
        "comments": 'q1: Well said, "Ada"',
    }


def test_what_has_no_points_yet_is_empty_and_never_zero() -> None:
    failed, unread, away = table(
        a_result(graded("q1"), error("q6")), a_result(words(), graded("q6")), not_handed_in()
    )
    assert [failed[c] for c in ("status", "q6_status", "q6_points", "q6_max")] == [
        "error", "error", "", "4",
    ]  # fmt: skip
    assert (failed["q1_points"], failed["points"], failed["max_points"]) == ("2", "", "")
    assert (unread["q1_status"], unread["q1_points"], unread["points"]) == ("manual", "", "")
    assert {away[c] for c in away if c not in ("id", "name", "email", "status")} == {
        "", "missing",
    }  # fmt: skip
    assert away["status"] == "not handed in"


def test_pandas_reads_points_as_numbers_and_names_as_they_are() -> None:
    names = ["=1+1", "O'Brien, Zoë", 'Q "uo" te', "两\n行", "שלום", "  blank"]
    class_ = [a_result(learner=a_learner(f"l{n}", name)) for n, name in enumerate(names)]
    data = "".join(write_csv([*class_, not_handed_in()], EXERCISES)).encode()
    frame = pd.read_csv(BytesIO(data))
    assert [*frame["name"]] == [
        "'=1+1",
        "O'Brien, Zoë",
        'Q "uo" te',
        "两 行",
        "שלום",
        "  blank",
        "Bob",
    ]
    assert frame["id"][0] == "l0"
    assert frame["points"].dtype == "float64"
    assert frame["points"].sum() == 12
    assert frame["points"].isna().sum() == 1


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert "".join(write_csv([], EXERCISES)).encode().startswith(b"\xef\xbb\xbfid,name,")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "' =1"),
        ("\r=1", "' =1"),
        ("  =1", "'  =1"),
        ('"=1', "'\"=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff20A", "'\uff20A"),
        ("Ada;=1+1", "Ada;'=1+1"),
        ('Ada; "@x', "Ada;' \"@x"),
        ("1-1", "1-1"),
        ("a=b", "a=b"),
        ("Ada-Maria", "Ada-Maria"),
        ("a@b.org", "a@b.org"),
    ],
)
def test_no_text_begins_a_formula(written: str, shown: str) -> None:
    assert cell(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two\r\nlines", "two lines"),
        ("a\x00b", r"a\x00b"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\u202eb", r"a\u202eb"),
        ("\ud800", r"\ud800"),
        ("a\u2028b", "a b"),
        ("क्\u200dष", "क्\u200dष"),
        ("שלום", "שלום"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_names_stay_as_they_are_but_for_what_is_no_part_of_a_name(
    written: str, shown: str
) -> None:
    assert cell(written) == shown


@unhurried
@given(results())
def test_whatever_was_written_the_table_holds(result: Result) -> None:
    text = "".join(write_csv([result, result], EXERCISES))
    assert len(text.encode().decode("utf-8-sig").splitlines()) == 3
    rows = [*csv.reader(StringIO(text, newline=""))]
    assert len({len(row) for row in rows}) == 1
    for value in (value for row in rows[1:] for value in row):
        assert not value.lstrip(" \"'").startswith(tuple("=+-@")) or value.startswith("'")


@given(nasty_texts)
def test_a_defused_cell_needs_no_defusing(text: str) -> None:
    assert cell(cell(text)) == cell(text)


def test_the_table_is_written_while_the_class_is_read() -> None:
    class_ = Counting(a_result() for _ in range(5))
    lines = write_csv(class_, EXERCISES)
    next(lines)
    next(lines)
    assert class_.read == 1

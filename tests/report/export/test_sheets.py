import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.export.sheets import (
    SheetError,
    Style,
    filled,
    read_number,
    read_sheet,
    sheet_bytes,
    style_of,
)


@pytest.mark.parametrize(
    "data",
    [
        b"a,b\r\n1,2\r\n",
        b"a,b\n1,2",
        b"a;b\n1;2\n",
        b"a\tb\r1\t2\r",
        b'"a","b, ""c"""\r\n"two\nlines",\r\n\r\n',
        "\ufeffName,é\n".encode(),
        "\ufeffName\tπ\r\n".encode("utf-16-le"),
        "\ufeffName,π\n".encode("utf-16-be"),
        "Zoë,é\n".encode("cp1252"),
        b"\x81\x8d,b\n",
        b'a,"b"c,d\n',
        b'a,"never closed\nb,c\n',
        b"",
        b",",
        b"\n\n",
    ],
)
def test_a_sheet_is_written_as_it_was_read(data: bytes) -> None:
    assert sheet_bytes(read_sheet(data)) == data


@given(st.text(st.sampled_from(['"', ",", ";", "\t", "\r", "\n", "a", "é", " "]), max_size=30))
def test_any_text_is_written_as_it_was_read(text: str) -> None:
    assert sheet_bytes(read_sheet(text.encode())) == text.encode()


def test_cells_are_read_without_their_quotes() -> None:
    sheet = read_sheet(b'"Name"; Grade \n"O""Brien; ""x""\n";1,5\n')
    assert sheet.headings == ("Name", "Grade")
    assert sheet.value(1, 0) == 'O"Brien; "x"\n'
    assert sheet.value(1, 1) == "1,5"
    assert sheet.value(1, 7) == sheet.value(1, None) == ""


def test_a_cell_that_is_filled_in_is_quoted_where_it_was_or_must_be() -> None:
    sheet = read_sheet(b'a,b,c\r\n"1","",x\r\n1\r\n')
    done = filled(sheet, {(1, 0): "2", (1, 1): "3", (1, 2): "4,5", (2, 2): 'say "y"'})
    assert sheet_bytes(done) == b'a,b,c\r\n"2","3","4,5"\r\n1,,"say ""y"""\r\n'


def test_what_an_encoding_cannot_say_is_written_as_in_html() -> None:
    sheet = read_sheet("Zoë,\n".encode("cp1252"))
    assert sheet_bytes(filled(sheet, {(0, 1): "π"})) == "Zoë,&#960;\n".encode("cp1252")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04...", "a workbook"),
        (b"a,b\x00c\n", "no text"),
        (b"\xef\xbb\xbf\xff\n", "encoding"),
    ],
)
def test_what_is_no_csv_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(SheetError, match=why):
        read_sheet(data)


@pytest.mark.parametrize(
    ("values", "points", "text"),
    [
        ([], 7.0, "7"),
        (["10"], 7.5, "7.5"),
        (["100.00"], 7, "7.00"),
        (["", "100,00"], 7.5, "7,50"),
        (["0,0"], 7.25, "7,25"),
        (["(read only)"], 3, "3"),
    ],
)
def test_points_are_written_as_the_sheet_writes_them(
    values: list[str], points: float, text: str
) -> None:
    assert style_of(values).text(points) == text


def test_no_decimal_is_lost() -> None:
    assert Style(decimals=1).text(1.125) == "1.125"


@pytest.mark.parametrize(
    ("text", "value"), [("10", 10), (" 10,5 ", 10.5), ("10.50", 10.5), ("", None), ("EX", None)]
)
def test_numbers_are_read_with_any_decimal_sign(text: str, value: float | None) -> None:
    assert read_number(text) == value

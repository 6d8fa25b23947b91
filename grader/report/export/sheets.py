"""CSV sheets of others: reading one, and writing it again with some cells filled in.

Every other byte stays as it is: a sheet is kept as the text of its cells, quotes and all, the
ends of its lines, its encoding and its BOM.
"""

import codecs
import re
from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

from grader.results import number


class SheetError(Exception):
    """A sheet that cannot be filled in; one line for people."""


class Row(Struct, frozen=True):
    """The cells of a row as they stand in the file, and what ends it."""

    cells: tuple[str, ...]
    end: str


class Sheet(Struct, frozen=True, kw_only=True):
    """A sheet: its rows, the first of which are headings, and how it is written."""

    rows: tuple[Row, ...]
    delimiter: str
    encoding: str
    bom: bytes

    @property
    def headings(self) -> tuple[str, ...]:
        """What stands above each column."""
        return tuple(_value(raw).strip() for raw in self.rows[0].cells) if self.rows else ()

    def value(self, row: int, column: int | None) -> str:
        """What a cell says; "" where there is none."""
        cells = self.rows[row].cells
        return _value(cells[column]) if column is not None and column < len(cells) else ""


_ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DELIMITERS = (",", ";", "\t")
_WORKBOOK = b"PK\x03\x04"


def read_sheet(data: bytes) -> Sheet:
    """The sheet in a file. Raises SheetError."""
    if data.startswith(_WORKBOOK):
        raise SheetError("it is a workbook, not CSV: save it as CSV in UTF-8.")
    bom, encoding = next(
        ((bom, encoding) for bom, encoding in _ENCODINGS if data.startswith(bom)),
        (b"", ""),
    )
    text, encoding = _decoded(data[len(bom) :], encoding)
    if "\0" in text:
        raise SheetError("it is no text: name a CSV file.")
    first = re.split(r"[\r\n]", re.sub('"[^"]*"', "", text), maxsplit=1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return Sheet(rows=_rows(text, delimiter), delimiter=delimiter, encoding=encoding, bom=bom)


def sheet_bytes(sheet: Sheet) -> bytes:
    """The file of a sheet. What its encoding has no sign for is written as HTML has it."""
    text = "".join(sheet.delimiter.join(row.cells) + row.end for row in sheet.rows)
    return sheet.bom + text.encode(sheet.encoding, errors="xmlcharrefreplace")


def filled(sheet: Sheet, cells: Mapping[tuple[int, int], str]) -> Sheet:
    """The sheet with these values, by row and column, quoted where the cell was or has to be."""
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), value in cells.items():
        by_row.setdefault(row, {})[column] = value
    rows = tuple(
        _with(row, by_row[place], sheet.delimiter) if place in by_row else row
        for place, row in enumerate(sheet.rows)
    )
    return structs.replace(sheet, rows=rows)


class Style(Struct, frozen=True):
    """How a sheet writes points: its decimal sign, and how many decimals at least."""

    comma: bool = False
    decimals: int = 0

    def text(self, points: float) -> str:
        """Points as the sheet writes them; no decimal is lost."""
        _, _, needed = number(points).partition(".")
        text = f"{points:.{max(self.decimals, len(needed))}f}"
        return text.replace(".", ",") if self.comma else text


def style_of(values: Iterable[str]) -> Style:
    """The style of some numbers in a sheet; that of no decimals where there are none."""
    decimals = [found for value in values if (found := _DECIMAL.fullmatch(value.strip()))]
    if not decimals:
        return Style()
    return Style(comma=decimals[0][1] == ",", decimals=max(len(each[2]) for each in decimals))


def read_number(value: str) -> float | None:
    """The number in a cell, whichever decimal sign it has; None for anything else."""
    text = value.strip().replace(",", ".")
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII) else None


_DECIMAL = re.compile(r"\d+([.,])(\d+)", re.ASCII)


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    """The text; without a BOM UTF-8, or else what Excel writes in the west, or else bytes."""
    for each in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            return data.decode(each), each
        except UnicodeDecodeError:
            continue
    if encoding:
        raise SheetError("it is no text in the encoding that it begins with: save it as UTF-8.")
    return data.decode("latin-1"), "latin-1"


def _rows(text: str, delimiter: str) -> tuple[Row, ...]:
    # Text after a closing quote belongs to the cell, as Python's csv has it.
    pattern = re.compile(
        rf'(?P<cell>"(?:[^"]|"")*"[^{delimiter}\r\n]*|[^{delimiter}\r\n]*)'
        rf"(?P<end>{delimiter}|\r\n|\r|\n|\Z)"
    )
    rows: list[Row] = []
    cells: list[str] = []
    place = 0
    while place < len(text) or cells:
        found = pattern.match(text, place)
        assert found is not None  # since any text has a cell at its beginning
        place = found.end()
        cells.append(found["cell"])
        if found["end"] != delimiter:
            rows.append(Row(tuple(cells), found["end"]))
            cells = []
    return tuple(rows)


def _value(raw: str) -> str:
    if not raw.startswith('"'):
        return raw
    quoted = re.match('"((?:[^"]|"")*)"', raw)
    return raw if quoted is None else quoted[1].replace('""', '"') + raw[quoted.end() :]


def _with(row: Row, values: Mapping[int, str], delimiter: str) -> Row:
    cells = [*row.cells, *[""] * (max(values) + 1 - len(row.cells))]
    for column, value in values.items():
        needs = any(sign in value for sign in (delimiter, '"', "\r", "\n"))
        if needs or cells[column].startswith('"'):
            value = '"' + value.replace('"', '""') + '"'  # noqa: PLW2901
        cells[column] = value
    return structs.replace(row, cells=tuple(cells))

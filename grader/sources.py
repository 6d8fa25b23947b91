"""What somebody wrote into the cells of a notebook, and nothing else of it.

A notebook is data of others, of which outputs make up most: they are passed over, not built.
"""

import codecs
from typing import Literal

import msgspec
from msgspec import Raw, Struct

_MOST_LINES = 100_000
"""Of one cell. A program of as many is none; and each takes far more room than its bytes."""

CellType = Literal["code", "markdown", "raw"]


class Cell(Struct, frozen=True):
    """A cell: what it is, and its source. As JSON it is one that `cells_of` reads again."""

    cell_type: CellType
    source: str


_EMPTY = Raw(b'""')


class _Cell(Struct, frozen=True, gc=False):
    """A cell as it may be written; until version 3 of the format code was its `input`.

    What has no type is no cell. Were it one, a file of `{}` alone would be millions of them.
    """

    cell_type: str
    source: Raw = _EMPTY
    input: Raw = _EMPTY


class _Sheet(Struct, frozen=True):
    cells: list[_Cell]


class _Notebook(Struct, frozen=True):
    """A notebook; until version 3 its cells were in sheets."""

    cells: list[_Cell] | None = None
    worksheets: list[_Sheet] | None = None


def cells_of(data: bytes) -> tuple[Cell, ...] | None:
    """The cells of a notebook; None for what is none, or has a cell that is none."""
    try:
        notebook = _notebook.decode(data.removeprefix(codecs.BOM_UTF8))
        if notebook.cells is not None:
            return tuple(map(_cell, notebook.cells))
        if notebook.worksheets is not None:
            return tuple(_cell(each) for sheet in notebook.worksheets for each in sheet.cells)
    except (ValueError, RecursionError):
        pass
    return None


_notebook = msgspec.json.Decoder(_Notebook)
_lines = msgspec.json.Decoder(str | list[str])


def _cell(cell: _Cell) -> Cell:
    source = _text(cell.input if cell.source is _EMPTY else cell.source)
    match cell.cell_type:
        case "code" | "markdown" as kind:
            return Cell(kind, source)
        case _:
            return Cell("raw", source)


def _text(source: Raw) -> str:
    written = bytes(source)
    if written.startswith(b"[") and written.count(b'"') > 2 * _MOST_LINES:
        raise ValueError("too many lines")
    lines = _lines.decode(written)
    return lines if isinstance(lines, str) else "".join(lines)

"""Lines of styled text: laying them out, and turning them into a string.

A line is a tuple of spans, a span is a text and its style. Styles are meanings, not
colours, and never carry anything that the words do not say.
"""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from itertools import groupby
from typing import Literal, TypeAlias

import click

from grader.report.neutral import neutral

Style = Literal["plain", "strong", "dim", "good", "bad", "advice"]
Span: TypeAlias = tuple[str, Style]
Line: TypeAlias = tuple[Span, ...]
Lines: TypeAlias = tuple[Line, ...]

_Cells: TypeAlias = list[Span]
"""A line as one span a character."""

_COLOURS: dict[Style, Callable[[str], str]] = {
    "plain": lambda text: text,
    "strong": lambda text: click.style(text, bold=True),
    "dim": lambda text: click.style(text, dim=True),
    "good": lambda text: click.style(text, fg="green"),
    "bad": lambda text: click.style(text, fg="red"),
    "advice": lambda text: click.style(text, fg="yellow"),
}


def render(lines: Lines, *, colour: bool) -> str:
    """The lines as one string without a newline at its end, with ANSI colours or none.

    Whoever made the lines has neutralised them already, to know their widths. This is
    the only way out, so it makes sure.
    """
    return "\n".join(_render_line(line, colour=colour) for line in lines)


def _render_line(line: Line, *, colour: bool) -> str:
    spans = [(neutral(text), style) for text, style in line]
    if not colour:
        return "".join(text for text, _ in spans).rstrip()
    return "".join(_COLOURS[style](text) for text, style in spans)


def plain(text: str) -> Line:
    """A line of one unstyled span."""
    return ((text, "plain"),)


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def line_width(line: Line) -> int:
    """How many columns of a terminal the line takes."""
    return sum(display_width(text) for text, _ in line)


def fitted(text: str, columns: int, ellipsis: str) -> str:
    """The text in exactly this many columns: padded, or with an ellipsis inside.

    The end is kept, because names often differ only there: Worker-1, Worker-2.
    """
    if display_width(text) > columns:
        tail = text[-_fitting(text[::-1], columns // 3) :]
        room = columns - display_width(ellipsis + tail)
        text = text[: _fitting(text, room)] + ellipsis + tail
    return text + " " * (columns - display_width(text))


def wrap(line: Line, width: int, *, indent: int = 0, hanging: int | None = None) -> Lines:
    """Break a line at its spaces so that each part fits into `width` columns.

    The first part is indented by `indent`, the others by `hanging` (as the first unless
    given). A word that is too long for a line is broken anywhere, never dropped.
    """
    cells = [(character, style) for text, style in line for character in text]
    text = "".join(character for character, _ in cells)
    lines: list[Line] = []
    start, margin = 0, indent
    while start < len(text) or not lines:
        room = max(width - margin, 1)
        end = _break(text, start, room)
        lines.append(_spans([(" " * margin, "plain"), *cells[start:end]]))
        start = end
        while start < len(text) and text[start] == " ":
            start += 1
        margin = indent if hanging is None else hanging
    return tuple(lines)


def flow(parts: Iterable[Line], separator: str, width: int, *, indent: int, hanging: int) -> Lines:
    """Lay parts one after the other, and break lines between them where that suffices.

    A part that is wider than a whole line is wrapped.
    """
    reserve = len(separator.rstrip())
    lines: list[Line] = []
    for part in parts:
        if not lines:
            lines += wrap(part, width - reserve, indent=indent, hanging=hanging)
            continue
        together = (*lines[-1], (separator, "plain"), *part)
        if line_width(together) + reserve <= width:
            lines[-1] = together
            continue
        lines[-1] = (*lines[-1], (separator.rstrip(), "plain"))
        lines += wrap(part, width - reserve, indent=hanging, hanging=hanging)
    return tuple(lines)


def _break(text: str, start: int, room: int) -> int:
    """Where the line that begins at `start` ends, its trailing space not included."""
    longest = start + _fitting(text[start : start + 8 * room], room)
    if longest == len(text) or text[longest] == " ":
        return longest
    space = text.rfind(" ", start, longest)
    while space > start and text[space - 1] == " ":
        space -= 1
    if space > start:
        return space
    while longest > start + 1 and (text[longest] == ":" or not _columns(text[longest])):
        longest -= 1
    return longest


def _fitting(text: str, columns: int) -> int:
    """How many characters of the text fit into these columns, at least one."""
    used = 0
    for count, character in enumerate(text):
        used += _columns(character)
        if used > columns:
            return max(count, 1)
    return len(text)


def _spans(cells: _Cells) -> Line:
    return tuple(
        ("".join(character for character, _ in run), style)
        for style, run in groupby(cells, key=lambda cell: cell[1])
    )

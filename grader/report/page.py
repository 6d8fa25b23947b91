"""What a picture is drawn on: how wide it is, and which characters it may use."""

from typing import Literal

from msgspec import Struct

from grader.report.lines import Style
from grader.report.neutral import neutral

NARROWEST = 60
"""Columns below which a page is not made narrower: no picture fits there."""

Mark = Literal[
    "begin", "run", "wait", "end", "instant",
    "start", "write", "join", "stuck", "several",
    "failed", "stopped", "terminated", "alive",
]  # fmt: skip
"""What one column of a bar shows: of the process itself, of what it did, of its end."""

UNICODE: dict[Mark, str] = {
    "begin": "├", "run": "─", "wait": "┄", "end": "┤", "instant": "│",
    "start": "▼", "write": "●", "join": "▲", "stuck": "?", "several": "■",
    "failed": "!", "stopped": "X", "terminated": "x", "alive": "►",
}  # fmt: skip

ASCII: dict[Mark, str] = {
    "begin": "|", "run": "-", "wait": ".", "end": "|", "instant": "|",
    "start": "v", "write": "*", "join": "^", "stuck": "?", "several": "#",
    "failed": "!", "stopped": "X", "terminated": "x", "alive": ">",
}  # fmt: skip

STYLES: dict[Mark, Style] = {
    "start": "strong", "write": "strong", "join": "good", "several": "strong",
    "stuck": "bad", "failed": "bad", "stopped": "bad", "alive": "bad",
}  # fmt: skip
"""The others are dim."""

LEGEND: dict[Mark, str] = {
    "start": "starts a process",
    "write": "prints",
    "wait": "waits",
    "join": "wait over",
    "several": "several of these",
    "stuck": "waits for ever",
    "failed": "error",
    "stopped": "ended by a signal",
    "terminated": "terminated on purpose",
    "alive": "still running",
}
"""What each mark says, in the order in which it is explained."""


class Page(Struct, frozen=True):
    """A page of `width` columns; with `ascii`, nothing beyond ASCII is put on it."""

    width: int
    ascii: bool = False

    @property
    def ellipsis(self) -> str:
        """What stands for the rest of something cut."""
        return "..." if self.ascii else "…"

    def glyph(self, mark: Mark) -> str:
        """The one character that shows this mark."""
        return (ASCII if self.ascii else UNICODE)[mark]

    def safe(self, text: str) -> str:
        """Text of a learner as it may be put on this page."""
        return neutral(text, ascii=self.ascii)


def page_for(width: int, *, ascii: bool) -> Page:  # noqa: A002
    """A page at least as wide as the narrowest one that works."""
    return Page(max(width, NARROWEST), ascii)

"""Numbers, durations and learners' text in words."""

from grader.checks.evidence import listed
from grader.phrases import counted
from grader.report.lines import Line
from grader.report.page import Page

_LINES_QUOTED = 3
_CHARACTERS_QUOTED = 80

_WORTH_CUTTING = 20
"""Fewer characters than these are not left out: to say so would take as long."""


def duration(seconds: float) -> str:
    """A time in seconds as a person says it: in ms below one second, otherwise in s."""
    milliseconds = seconds * 1000
    if milliseconds < 999.5:
        return f"{_rounded(milliseconds, 1 if milliseconds < 9.95 else 0)} ms"
    return f"{_rounded(seconds, 2 if seconds < 9.995 else 1)} s"


def _rounded(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def quoted(text: str, page: Page, at_most: int = _CHARACTERS_QUOTED) -> str:
    """One line of a learner in quotes, with a word on how much of it is left out."""
    left_out = len(text) - at_most
    if left_out < _WORTH_CUTTING:
        return _in_quotes(page.safe(text))
    more = counted(left_out, "more character")
    return f"{_in_quotes(page.safe(text[:at_most]) + page.ellipsis)} (and {more})"


def quoted_lines(text: str, page: Page) -> Line:
    """The first of some lines of a learner, with a word on how many are left out."""
    lines = text.removesuffix("\n").split("\n")
    quotes = [quoted(line, page) for line in lines[:_LINES_QUOTED]]
    hidden = lines[_LINES_QUOTED:]
    if not hidden:
        return ((listed(quotes), "strong"),)
    size = len("\n".join(hidden).encode(errors="replace"))
    more = f"{counted(len(hidden), 'more line')} ({counted(size, 'byte')})"
    return ((", ".join(quotes), "strong"), (f" and {more}", "plain"))


def _in_quotes(text: str) -> str:
    mark = "'" if '"' in text and "'" not in text else '"'
    return f"{mark}{text}{mark}"

"""Where the command prints: a terminal, a pipe, a file."""

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from grader.cli.streams import tell
from grader.mark import Report
from grader.trace import Trace

if TYPE_CHECKING:
    from grader.report.lines import Lines

_NARROWEST, _PLAIN_WIDTH, _WIDEST = 60, 80, 110


class Output(Struct, frozen=True):
    """How to print: the form asked for, and what the place can show."""

    form: str
    width: int
    colour: bool
    ascii: bool
    live: bool

    @classmethod
    def of_terminal(cls, form: str) -> "Output":
        """What suits standard output as it is now."""
        terminal = sys.stdout.isatty()
        columns = _columns() if terminal else _PLAIN_WIDTH
        dumb = os.environ.get("TERM") == "dumb"
        return cls(
            form=form,
            width=min(max(columns, _NARROWEST), _WIDEST),
            colour=terminal and not os.environ.get("NO_COLOR") and not dumb,
            ascii=not _is_unicode(sys.stdout.encoding),
            live=sys.stderr.isatty() and not dumb,
        )

    def prepare(self) -> None:
        """Import what a report is shown with."""
        if self.form == "json":
            import grader.report.as_json
        else:
            import grader.report.text  # noqa: F401

    def report(self, report: Report, *, short: bool) -> None:
        """Print a report; a short one has a line an exercise."""
        if self.form == "json":
            from grader.report.as_json import report_json

            click.echo(report_json(report))
            return
        from grader.report.text import report_text, summary_text

        show = summary_text if short else report_text
        self.lines(show(report, self.width, ascii=self.ascii))

    def trace(self, trace: Trace) -> None:
        """Print the picture of a run."""
        if self.form == "json":
            from grader.report.as_json import trace_json

            click.echo(trace_json(trace))
            return
        from grader.report.timeline import timeline

        self.lines(timeline(trace, self.width, ascii=self.ascii))

    def lines(self, lines: "Lines") -> None:
        """Print lines that are made to be shown."""
        from grader.report.lines import render

        click.echo(render(lines, colour=self.colour), color=self.colour)

    def clear(self) -> None:
        """Empty the terminal, where there is one."""
        if self.live and self.form == "text":
            click.clear()

    @contextmanager
    def progress(self, message: str) -> Iterator[None]:
        """Show on a terminal what is going on, and take it away when it is over."""
        self.note(message)
        try:
            yield
        finally:
            self.note("")

    def note(self, message: str) -> None:
        """Replace the line that says what is going on."""
        if self.live:
            from grader.report.lines import fitted
            from grader.report.neutral import neutral

            shown = neutral(message, ascii=not _is_unicode(sys.stderr.encoding))
            tell(f"\r{fitted(shown, self.width - 1, '...')}\r")

    def line(self, text: str) -> None:
        """Print one line, whatever the text holds."""
        from grader.report.neutral import neutral

        click.echo(neutral(text, ascii=self.ascii))


def _columns() -> int:
    from shutil import get_terminal_size  # which takes long to import, and a pipe has none

    return get_terminal_size().columns


def _is_unicode(encoding: str | None) -> bool:
    """Whether any character can be shown: a learner's text may hold any."""
    try:
        return codecs.lookup(encoding or "ascii").name.startswith("utf")
    except LookupError:
        return False

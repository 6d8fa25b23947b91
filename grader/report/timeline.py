"""The picture of a run: one lane a process, on one time axis."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from pathlib import PurePath

from msgspec import Struct

from grader.report.bar import Axis, Bar, axis_of, bar_of
from grader.report.lines import (
    Line,
    Lines,
    Span,
    display_width,
    fitted,
    flow,
    wrap,
)
from grader.report.page import LEGEND, STYLES, Page, page_for
from grader.report.remarks import pool_story, remarks_of
from grader.report.story import counted_kinds, course, manner, story_of
from grader.report.words import duration
from grader.trace import Process, Trace

LANES_SHOWN = 16

_PID, _NAME = "PID", "name"

_NAME_COLUMNS = 18
"""A name may take these many columns, or a quarter of a page where that is less."""


class _Layout(Struct, frozen=True):
    """The columns of a picture: PID, name, and the bars from `margin` on."""

    page: Page
    pid: int
    name: int
    axis: Axis

    @property
    def margin(self) -> int:
        return self.pid + self.name + 4


def timeline(trace: Trace, width: int, *, ascii: bool = False) -> Lines:  # noqa: A002
    """The picture of a run, at most `width` columns wide (60 at the least).

    With `ascii`, it holds nothing beyond ASCII.
    """
    shown = trace.processes[:LANES_SHOWN]
    layout = _layout(trace, shown, page_for(width, ascii=ascii))
    bars = [bar_of(process, trace, layout.axis) for process in shown]
    lanes = [
        line
        for process, bar in zip(shown, bars, strict=True)
        for line in _lane(process, bar, trace, layout)
    ]
    return (
        *_heading(trace, layout.page),
        _axis_line(layout),
        *lanes,
        *_more(trace.processes[LANES_SHOWN:], layout.page),
        *_besides(trace, layout.page),
        *_legend(bars, layout.page),
    )


def _layout(trace: Trace, shown: Sequence[Process], page: Page) -> _Layout:
    pid = max(len(text) for text in [_PID, *(str(process.pid) for process in shown)])
    names = [_NAME, *(page.safe(process.name) for process in shown)]
    name = min(max(map(display_width, names)), _NAME_COLUMNS, page.width // 4)
    return _Layout(page, pid, name, axis_of(trace, page.width - pid - name - 4))


def _heading(trace: Trace, page: Page) -> Lines:
    program = page.safe(PurePath(trace.program).name)
    went: Span = (course(trace), "bad" if trace.stopped_by else "plain")
    line: Line = ((f"{program} ", "strong"), went, (f" ({page.safe(manner(trace))})", "plain"))
    return (*wrap(line, page.width, hanging=2), ())


def _axis_line(layout: _Layout) -> Line:
    columns = layout.axis.columns
    end = duration(layout.axis.span)
    labels = list("0".ljust(columns - len(end)) + end)
    for column, label in _ticks(layout.axis, end):
        labels[column : column + len(label)] = label
    head = f" {_PID:>{layout.pid}} {_NAME:<{layout.name}}  "
    return ((head, "dim"), ("".join(labels), "dim"))


def _ticks(axis: Axis, end: str) -> Iterator[tuple[int, str]]:
    """Round times in the unit of the axis's end, with the columns of their labels."""
    unit = 1000 if end.endswith("ms") else 1
    step = _round_step(axis.span * unit * 10 / axis.columns)
    label, number = "", 1
    while axis.span > 0:
        time = number * step
        label, column = f"{time:g}", axis.column(time / unit)
        if column + len(label) + 2 > axis.columns - len(end):
            return
        yield column, label
        number += 1


def _round_step(least: float) -> float:
    """The next of 1, 2, 5, 10, 20 ... that is not below `least`."""
    power = 1e-3
    while True:
        for factor in (1, 2, 5):
            if factor * power >= least:
                return factor * power
        power *= 10


def _lane(process: Process, bar: Bar, trace: Trace, layout: _Layout) -> Lines:
    page = layout.page
    name = fitted(page.safe(process.name), layout.name, page.ellipsis)
    label: Line = ((f" {process.pid:>{layout.pid}} ", "plain"), (f"{name}  ", "strong"))
    facts = story_of(process, trace, page)
    story = flow(facts, "; ", page.width, indent=layout.margin, hanging=layout.margin)
    return ((*label, *_drawn(bar, page)), *story)


def _drawn(bar: Bar, page: Page) -> Line:
    """The characters of a bar, without the empty columns after its end."""
    last = max(column for column, mark in enumerate(bar) if mark)
    return tuple(
        (page.glyph(mark) * len(list(run)), STYLES.get(mark, "dim"))
        if mark
        else (" " * len(list(run)), "plain")
        for mark, run in groupby(bar[: last + 1])
    )


def _more(hidden: Sequence[Process], page: Page) -> Lines:
    """How many processes have no lane, of which kinds, and how many ended badly."""
    if not hidden:
        return ()
    kinds = counted_kinds(Counter(process.kind for process in hidden))
    facts: list[Line] = [((f"{page.ellipsis} and {kinds} more", "strong"),)]
    killed = sum(process.killed for process in hidden)
    failed = sum(bool(p.exit_code) and not (p.killed or p.terminated) for p in hidden)
    if failed:
        facts.append(((f"{failed:,} of these ended with an error", "bad"),))
    if killed:
        facts.append(((f"{killed:,} of these had to be killed", "bad"),))
    return flow(facts, "; ", page.width, indent=1, hanging=3)


def _besides(trace: Trace, page: Page) -> Lines:
    """A paragraph on each pool, and on what else was seen."""
    notes = [pool_story(pool, trace, page) for pool in trace.pools]
    notes += [(remark,) for remark in remarks_of(trace, page)]
    lines = [flow(note, "; ", page.width, indent=1, hanging=3) for note in notes]
    return ((), *chain.from_iterable(lines)) if lines else ()


def _legend(bars: Sequence[Bar], page: Page) -> Lines:
    used = {mark for bar in bars for mark in bar}
    items = [f"{page.glyph(mark)} {text}" for mark, text in LEGEND.items() if mark in used]
    if not items:
        return ()
    parts: list[Line] = [((item, "dim"),) for item in [*items, "(one or more each)"]]
    return ((), *flow(parts, "  ", page.width, indent=1, hanging=1))

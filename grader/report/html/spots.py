"""The marks on the bar of a process: what it did at which moment."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Set
from functools import partial
from typing import TypeAlias

from msgspec import Struct

from grader.report.bar import Axis, end_of
from grader.report.html.words import cut
from grader.report.page import LEGEND, Mark, Page
from grader.report.words import duration, quoted, quoted_lines
from grader.trace import Process, Trace, Wait, Write

PAGE = Page(width=100)
"""What the words of a picture are put on: of it, only that it can show any character."""

_TOLD = 5
LONGEST_TITLE = 400


class Spot(Struct, frozen=True):
    """A mark on a bar, and what happened there."""

    x: str
    mark: Mark
    title: str


_Event: TypeAlias = tuple[float, Mark, Callable[[], str]]
"""When, what, and how to say it: of a hundred thousand prints, few are told."""


def spots_of(process: Process, part: Trace, axis: Axis) -> Iterator[Spot]:
    """What happened, in the order of time; what lies too close together as one."""
    places: dict[int, list[_Event]] = defaultdict(list)
    for event in sorted(_events(process, part, axis), key=lambda event: event[0]):
        places[axis.column(event[0])].append(event)
    for events in places.values():
        texts = [f"{duration(time)}: {told()}" for time, _, told in events[:_TOLD]]
        if events[_TOLD:]:
            texts.append(f"and {len(events) - _TOLD:,} more")
        middle = (events[0][0] + events[-1][0]) / 2
        title = cut("; ".join(texts), LONGEST_TITLE)
        yield Spot(f"{percent(middle, axis):.2f}%", _foremost({e[1] for e in events}), title)


def _foremost(marks: Set[Mark]) -> Mark:
    for mark in ("stuck", "failed", "stopped", "alive"):
        if mark in marks:
            return mark
    return "several" if len(marks) > 1 else next(iter(marks))


def _events(process: Process, part: Trace, axis: Axis) -> Iterator[_Event]:
    for child in part.processes[1:]:
        if child.parent == process.pid and child.kind != "helper":
            yield child.started, "start", partial(_starts, child)
    for write in part.writes:
        yield write.time, "write", partial(_wrote, write)
    for wait in part.waits:
        if wait.pid != process.pid:
            continue
        if wait.ended is None:
            yield wait.began, "stuck", partial(_stuck, wait)
        elif wait.saw_end and not wait.at_exit:
            yield wait.ended, "join", partial(_over, wait)
    if (ending := end_of(process)) != "end":
        yield end_time(process, axis), ending, partial(_ends, process)


def _starts(child: Process) -> str:
    return f"starts {PAGE.safe(cut(child.name, 40))} {child.pid}"


def _stuck(wait: Wait) -> str:
    return f"begins to wait for {_what(wait)}, for ever"


def _over(wait: Wait) -> str:
    return f"its wait for {_what(wait)} is over"


def _what(wait: Wait) -> str:
    return f"{wait.child} ({PAGE.safe(cut(wait.how, 40))})"


def _ends(process: Process) -> str:
    ending = end_of(process)
    if ending != "failed" or process.error is None:
        return LEGEND[ending]
    return f"{LEGEND[ending]}, {quoted(' '.join(process.error.text.split()), PAGE)}"


def _wrote(write: Write) -> str:
    verb = "prints" if write.stream == "stdout" else "writes to stderr"
    (text, _), *more = quoted_lines(write.text, PAGE)
    return f"{verb} {text}{''.join(words for words, _ in more)}"


def percent(time: float, axis: Axis) -> float:
    """Where a time lies, with a margin for the marks at both ends."""
    share = min(max(time / axis.span, 0.0), 1.0) if axis.span > 0 else 0.0
    return 1 + 98 * share


def end_time(process: Process, axis: Axis) -> float:
    """Until when a process is drawn: to the end of the axis, if it was still there."""
    return axis.span if process.ended is None else max(process.ended, process.started)

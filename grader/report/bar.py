"""The bar of one process on the time axis of a run, as one mark a column."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TypeAlias

from msgspec import Struct

from grader.report.page import Mark
from grader.trace import Process, Trace, Wait

Bar: TypeAlias = tuple[Mark | None, ...]


class Axis(Struct, frozen=True):
    """A time axis from 0 to `span` seconds over `columns` columns."""

    span: float
    columns: int

    def column(self, time: float) -> int:
        """The column, from 0, that this time in seconds falls into."""
        if time <= 0:
            return 0
        if time >= self.span:
            return self.columns - 1
        return min(int(time / self.span * self.columns), self.columns - 1)


def axis_of(trace: Trace, columns: int) -> Axis:
    """An axis over the run and over all that went on after the end of its program."""
    ends = [p.ended for p in trace.processes if p.ended is not None]
    return Axis(max([trace.duration, *ends]), columns)


def bar_of(process: Process, trace: Trace, axis: Axis) -> Bar:
    """What each column of the axis shows of this process; None where it did not exist.

    A column with marks of several kinds shows "several", except that a wait which never
    came back and an end that was no good are always seen.
    """
    first = axis.column(process.started)
    last = max(first, axis.column(axis.span if process.ended is None else process.ended))
    cells: list[Mark | None] = [None] * axis.columns
    cells[first : last + 1] = ["run"] * (last + 1 - first)
    waits = [wait for wait in trace.waits if wait.pid == process.pid]
    for begin, end in _waiting(waits, axis, first, last):
        cells[begin : end + 1] = ["wait"] * (end + 1 - begin)
    cells[first], cells[last] = "begin", "end"
    if first == last:
        cells[first] = "instant"
    marks: defaultdict[int, set[Mark]] = defaultdict(set)
    for time, mark in _events(process, trace, waits):
        marks[min(max(axis.column(time), first), last)].add(mark)
    for column, found in marks.items():
        cells[column] = _foremost(found)
    ending = end_of(process)
    if ending != "end":
        cells[last] = ending
    return tuple(cells)


def end_of(process: Process) -> Mark:
    """The mark at the end of a process's bar."""
    if process.killed or (process.exit_code or 0) < 0:
        return "terminated" if process.terminated and not process.killed else "stopped"
    if process.ended is None:
        return "alive"
    return "failed" if process.exit_code else "end"


def _waiting(waits: list[Wait], axis: Axis, first: int, last: int) -> Iterator[tuple[int, int]]:
    for wait in waits:
        end = last if wait.ended is None else axis.column(wait.ended)
        yield max(axis.column(wait.began), first), min(end, last)


def _foremost(marks: set[Mark]) -> Mark:
    if "stuck" in marks:
        return "stuck"
    return "several" if len(marks) > 1 else next(iter(marks))


def _events(process: Process, trace: Trace, waits: list[Wait]) -> Iterator[tuple[float, Mark]]:
    for child in trace.processes:
        if child.parent == process.pid and child.kind != "helper":
            yield child.started, "start"
    for write in trace.writes:
        if write.pid == process.pid:
            yield write.time, "write"
    for wait in waits:
        if wait.ended is None:
            yield wait.began, "stuck"
        elif wait.saw_end and not wait.at_exit:
            yield wait.ended, "join"

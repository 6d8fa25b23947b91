"""The cells of a notebook in a trace: to which one each event belongs, and the trace of some
of them alone, which the checks then judge as they judge that of a program.
"""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

from msgspec import structs

from grader.trace import Cell, Process, Trace


def tie(trace: Trace, cells: Iterable[Cell]) -> Trace:
    """Say in every event of a kernel's trace which of its cells it belongs to.

    What the kernel itself does belongs to the cell that was begun last; a process and all
    that it does, however late, to the cell in which its first ancestor was started.
    """
    cells = tuple(sorted(cells, key=lambda cell: cell.began))
    home: dict[int, int | None] = {}

    def at(time: float) -> int | None:
        return next((cell.index for cell in reversed(cells) if cell.began <= time), None)

    def of(pid: int, time: float) -> int | None:
        return home.get(pid, at(time))

    main = trace.main.pid
    for process in sorted(trace.processes[1:], key=lambda process: process.started):
        parent = process.parent if process.parent is not None else main
        home[process.pid] = of(parent, process.started)
    return structs.replace(
        trace,
        cells=cells,
        processes=tuple(structs.replace(p, cell=home.get(p.pid)) for p in trace.processes),
        writes=tuple(structs.replace(w, cell=of(w.pid, w.time)) for w in trace.writes),
        waits=tuple(structs.replace(w, cell=of(w.child, w.began)) for w in trace.waits),
        pools=tuple(structs.replace(p, cell=of(p.owner, p.created)) for p in trace.pools),
        unstarted=tuple(structs.replace(u, cell=of(u.owner, u.time)) for u in trace.unstarted),
        clues=tuple(structs.replace(c, cell=of(c.pid, c.time)) for c in trace.clues),
    )


def of_cells(trace: Trace, wanted: Collection[int]) -> Trace:
    """The trace of these cells, as if they were a program of their own.

    It begins with the first of them, and its main program is the kernel while it ran them:
    an error in one of them ended it. What another cell did to the kernel is no fault of
    theirs. Raises ValueError if the trace has none of them.
    """
    cells = tuple(cell for cell in trace.cells if cell.index in wanted)
    if not cells:
        raise ValueError(f"none of the cells {sorted(wanted)} was run")
    began, ended = cells[0].began, cells[-1].ended
    processes = tuple(p for p in trace.processes[1:] if p.cell in wanted)
    if any(cell.status in _FATAL and cell.index not in wanted for cell in trace.cells):
        processes = tuple(structs.replace(p, outlived=False) for p in processes)
    last = max([ended, *(p.ended for p in processes if p.ended is not None)])
    main = _main(trace, cells)
    part = structs.replace(
        trace,
        exit_code=main.exit_code,
        stopped_by=trace.stopped_by if cells[-1].status in _FATAL else None,
        duration=last - began,
        processes=tuple(_earlier(p, began) for p in (main, *processes)),
        writes=_since(began, _in(wanted, trace.writes)),
        waits=tuple(
            structs.replace(
                wait,
                began=max(0.0, wait.began - began),
                ended=None if wait.ended is None else max(0.0, wait.ended - began),
            )
            for wait in _in(wanted, trace.waits)
        ),
        pools=tuple(
            structs.replace(
                pool,
                created=max(0.0, pool.created - began),
                shut_down_at=None
                if pool.shut_down_at is None
                else max(0.0, pool.shut_down_at - began),
            )
            for pool in _in(wanted, trace.pools)
        ),
        unstarted=_since(began, _in(wanted, trace.unstarted)),
        clues=_since(began, _in(wanted, trace.clues)),
        cells=tuple(_earlier_cell(cell, began) for cell in cells),
    )
    kept = {process.pid for process in part.processes}
    return structs.replace(
        part, truncated=tuple(cut for cut in trace.truncated if cut.pid in kept)
    )


_FATAL = ("time limit", "died")


class _InCell(Protocol):
    @property
    def cell(self) -> int | None: ...


class _Timed(Protocol):
    @property
    def time(self) -> float: ...


_Event = TypeVar("_Event", bound=_InCell)
_TimedEvent = TypeVar("_TimedEvent", bound=_Timed)


def _in(wanted: Collection[int], events: Iterable[_Event]) -> tuple[_Event, ...]:
    return tuple(event for event in events if event.cell in wanted)


def _since(began: float, events: Iterable[_TimedEvent]) -> tuple[_TimedEvent, ...]:
    return tuple(
        structs.replace(event, time=max(0.0, event.time - began))  # type: ignore[type-var]
        for event in events
    )


def _main(trace: Trace, cells: tuple[Cell, ...]) -> Process:
    """The kernel while it ran these cells."""
    failed = next((cell for cell in cells if cell.status != "ok"), None)
    if failed is None:
        exit_code: int | None = 0
    elif failed.status == "time limit":
        exit_code = None
    else:
        exit_code = trace.exit_code if failed.status == "died" else 1
    return structs.replace(
        trace.main,
        started=cells[0].began,
        ended=cells[-1].ended,
        exit_code=exit_code,
        error=failed.error if failed else None,
        killed=cells[-1].status == "time limit",
        cell=None,
    )


def _earlier(process: Process, by: float) -> Process:
    return structs.replace(
        process,
        started=max(0.0, process.started - by),
        ended=None if process.ended is None else max(0.0, process.ended - by),
        error=process.error and structs.replace(process.error, time=process.error.time - by),
    )


def _earlier_cell(cell: Cell, by: float) -> Cell:
    return structs.replace(
        cell,
        began=cell.began - by,
        ended=cell.ended - by,
        error=cell.error and structs.replace(cell.error, time=cell.error.time - by),
    )

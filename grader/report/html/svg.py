"""The timeline of a run as shapes: what is where, for the template that draws it.

Places on the time axis are percentages, so that the picture is as wide as there is room and
its letters stay as large as they are. All else is in pixels.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from grader.report.bar import Axis, axis_of
from grader.report.html.spots import (
    LONGEST_TITLE,
    PAGE,
    Spot,
    end_time,
    percent,
    spots_of,
)
from grader.report.html.words import cut
from grader.report.lines import Line
from grader.report.page import LEGEND, Mark
from grader.report.remarks import pool_story, remarks_of
from grader.report.story import counted_kinds, course, manner, story_of
from grader.report.words import duration, quoted
from grader.trace import Process, Trace, Wait, Write

LANES_SHOWN = 100

_TOP, _LANE, _BAR = 22, 48, 29
"""Pixels: of the axis, of a lane, and from a lane's top to the middle of its bar."""

_MARKS = 1500
_MARKS_OF_A_LANE = 100
"""Places of marks at the most: those that would lie closer together become one."""


class Segment(Struct, frozen=True):
    """A part of a bar from `x` on, `width` wide, both in percent."""

    x: str
    width: str
    kind: str
    title: str = ""


class Edge(Struct, frozen=True):
    """A line between the bars of two processes: a start, or a wait that is over."""

    x: str
    top: int
    bottom: int
    kind: str


class Lane(Struct, frozen=True):
    """One process: its label, its bar and what happened on it."""

    y: int
    name: str
    pid: int
    role: str
    said: str
    story: str
    segments: tuple[Segment, ...]
    spots: tuple[Spot, ...]


class Told(Struct, frozen=True):
    """A process or a pool in words: who, and the facts with whether they are bad ones."""

    who: str
    facts: tuple[tuple[str, bool], ...]


class Picture(Struct, frozen=True):
    """All of it. `more` says what has no lane."""

    height: int
    course: str
    ticks: tuple[tuple[str, str], ...]
    cells: tuple[Segment, ...]
    lanes: tuple[Lane, ...]
    edges: tuple[Edge, ...]
    legend: tuple[tuple[Mark, str], ...]
    waiting: bool
    pooling: bool
    told: tuple[Told, ...]
    more: str


def picture_of(trace: Trace) -> Picture:
    """The timeline of a run, of at most LANES_SHOWN processes."""
    shown = trace.processes[:LANES_SHOWN]
    axis = axis_of(trace, max(20, min(_MARKS_OF_A_LANE, _MARKS // len(shown))))
    parts = _by_process(trace, shown)
    tops = {process.pid: _TOP + n * _LANE for n, process in enumerate(shown)}
    stories = {p.pid: story_of(p, parts[p.pid], PAGE) for p in shown}
    lanes = tuple(
        _lane(p, parts[p.pid], axis, tops[p.pid], _sentence(stories[p.pid])) for p in shown
    )
    used = {spot.mark for lane in lanes for spot in lane.spots}
    kinds = {segment.kind for lane in lanes for segment in lane.segments}
    return Picture(
        height=_TOP + len(shown) * _LANE + 6,
        course=_course(trace),
        ticks=tuple(_ticks(axis)),
        cells=tuple(_cells(trace, axis)) if len(trace.cells) > 1 else (),
        lanes=lanes,
        edges=tuple(_edges(trace, tops, axis)),
        legend=tuple((mark, words) for mark, words in LEGEND.items() if mark in used),
        waiting="wait" in kinds,
        pooling="pool" in kinds,
        told=tuple(_told(trace, shown, stories)),
        more=_more(trace.processes[LANES_SHOWN:]),
    )


def _by_process(trace: Trace, shown: Sequence[Process]) -> dict[int, Trace]:
    """The trace as far as each process has to do with it.

    A program may print a hundred thousand times: nobody looks through that once a process.
    """
    writes: defaultdict[int, list[Write]] = defaultdict(list)
    waits: defaultdict[int, list[Wait]] = defaultdict(list)
    children: defaultdict[int, list[Process]] = defaultdict(list)
    by_pid = {process.pid: process for process in reversed(trace.processes)}
    for write in trace.writes:
        writes[write.pid].append(write)
    for wait in trace.waits:
        for pid in {wait.pid, wait.child}:
            waits[pid].append(wait)
    for process in trace.processes[1:]:
        if process.parent is not None:
            children[process.parent].append(process)
    return {
        process.pid: structs.replace(
            trace,
            processes=(
                trace.main,
                *(by_pid[pid] for pid in _near(process, trace.main) if pid in by_pid),
                *children[process.pid],
            ),
            writes=tuple(writes[process.pid]),
            waits=tuple(waits[process.pid]),
        )
        for process in shown
    }


def _near(process: Process, main: Process) -> Iterator[int]:
    if process.parent is not None and process.parent != main.pid:
        yield process.parent


def _lane(process: Process, part: Trace, axis: Axis, top: int, story: str) -> Lane:
    role = {"main": "the program", "process": "process", "worker": "pool worker"}
    printed = part.text(process.pid, "stdout")[:LONGEST_TITLE]
    return Lane(
        y=top,
        name=cut(process.name or process.kind, 40),
        pid=process.pid,
        role=role.get(process.kind, process.kind),
        said=quoted(printed.split("\n", 1)[0], PAGE, 32) if printed else "",
        story=cut(story, LONGEST_TITLE),
        segments=tuple(_segments(process, part, axis)),
        spots=tuple(spots_of(process, part, axis)),
    )


# -- bars ---------------------------------------------------------------------------------


def _segments(process: Process, part: Trace, axis: Axis) -> Iterator[Segment]:
    end = end_time(process, axis)
    # Waits that overlap, or follow closely, are one: what is drawn twice is seen once.
    waits = sorted(
        (max(w.began, process.started), min(end if w.ended is None else w.ended, end))
        for w in part.waits
        if w.pid == process.pid
    )
    now = process.started
    for began, ended in _merged(waits, axis.span / 1000):
        if began > now:
            yield _segment(now, began, axis, "run")
        yield _segment(began, ended, axis, "wait", _span("waits", began, ended))
        now = ended
    if now < end or now == process.started:
        yield _segment(now, end, axis, "run")
    for pool in part.pools:
        if pool.owner == process.pid:
            gone = end if pool.shut_down_at is None else pool.shut_down_at
            story = _sentence(pool_story(pool, part, PAGE))
            yield _segment(pool.created, gone, axis, "pool", cut(story, LONGEST_TITLE))


def _merged(spans: Iterable[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for began, ended in spans:
        if merged and began - merged[-1][1] <= gap:
            merged[-1] = (merged[-1][0], max(ended, merged[-1][1]))
        elif ended >= began:
            merged.append((began, ended))
    return merged


def _segment(begin: float, end: float, axis: Axis, kind: str, title: str = "") -> Segment:
    x, until = percent(begin, axis), percent(end, axis)
    return Segment(f"{x:.2f}%", f"{max(until - x, 0.15):.2f}%", kind, title)


def _span(what: str, begin: float, end: float) -> str:
    return f"{what} from {duration(begin)} to {duration(end)}"


# -- between lanes ------------------------------------------------------------------------


def _edges(trace: Trace, tops: Mapping[int, int], axis: Axis) -> Iterator[Edge]:
    for child in trace.processes[1:LANES_SHOWN]:
        if child.parent in tops and child.kind != "helper":
            yield from _edge(child.parent, child.pid, child.started, "start", tops, axis)
    seen: set[tuple[int, int]] = set()
    for wait in trace.waits:
        both = (wait.pid, wait.child)
        known = wait.pid in tops and wait.child in tops
        if known and wait.ended is not None and wait.saw_end and both not in seen:
            seen.add(both)
            kind = "exit" if wait.at_exit else "join"
            yield from _edge(*both, wait.ended, kind, tops, axis)


def _edge(
    one: int | None, other: int, time: float, kind: str, tops: Mapping[int, int], axis: Axis
) -> Iterator[Edge]:
    if one is not None and one != other:
        top, bottom = sorted((tops[one] + _BAR, tops[other] + _BAR))
        yield Edge(f"{percent(time, axis):.2f}%", top, bottom, kind)


def _cells(trace: Trace, axis: Axis) -> Iterator[Segment]:
    for cell in trace.cells[:LANES_SHOWN]:
        name = cut(cell.name or f"cell {cell.index + 1}", 40)
        title = f"{_span(name, cell.began, cell.ended)}: {cell.status}"
        yield _segment(cell.began, cell.ended, axis, "cell", title)


def _ticks(axis: Axis) -> Iterator[tuple[str, str]]:
    """Round times, and where they lie: four to nine of them."""
    if axis.span <= 0:
        return
    step = 1e-6
    for step in (factor * 10.0**power for power in range(-6, 9) for factor in (1, 2, 5)):
        if axis.span / step <= 9:
            break
    for n in range(int(axis.span / step + 1e-6) + 1):
        yield f"{percent(n * step, axis):.2f}%", duration(n * step) if n else "0"


# -- in words -----------------------------------------------------------------------------


def _course(trace: Trace) -> str:
    name = PAGE.safe(cut(trace.program.replace("\\", "/").rsplit("/", 1)[-1], 80))
    return f"{name} {course(trace)} ({cut(manner(trace), 200)})."


def _told(
    trace: Trace, shown: Sequence[Process], stories: Mapping[int, Sequence[Line]]
) -> Iterator[Told]:
    for process in shown:
        yield Told(f"{cut(process.name, 40)} {process.pid}", _facts(stories[process.pid]))
    for pool in trace.pools[:LANES_SHOWN]:
        yield Told("", _facts(pool_story(pool, trace, PAGE)))
    for remark in remarks_of(trace, PAGE):
        yield Told("", _facts([remark]))


def _facts(lines: Iterable[Line]) -> tuple[tuple[str, bool], ...]:
    return tuple(
        ("".join(text for text, _ in line), any(style == "bad" for _, style in line))
        for line in lines
    )


def _sentence(lines: Iterable[Line]) -> str:
    return "; ".join("".join(text for text, _ in line) for line in lines)


def _more(hidden: Sequence[Process]) -> str:
    if not hidden:
        return ""
    kinds = counted_kinds(Counter(process.kind for process in hidden))
    bad = sum(process.killed or bool(process.exit_code) for process in hidden)
    return f"… and {kinds} more{f'; {bad:,} of these did not end well' if bad else ''}."

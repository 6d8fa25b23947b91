"""Traces and reports to show, built from no more than a test is about."""

from typing import Any

from hypothesis import Phase, settings
from hypothesis import strategies as st
from msgspec import structs

from grader.mark import CheckResult, CheckStatus, ExerciseReport, Report
from grader.trace import (
    Clue,
    Limits,
    Pool,
    Process,
    Trace,
    Truncation,
    Unstarted,
    Wait,
    Worker,
    Write,
)

MAIN = 4711


def a_trace(*processes: Process, duration: float = 0.1, **more: Any) -> Trace:
    """A run of these processes, after the main one of the whole duration."""
    main = Process(pid=MAIN, parent=None, kind="main", name="q6.py", started=0.0, ended=duration)
    trace = Trace(
        program="/home/ada/q6.py",
        python="3.12.3",
        start_method="fork",
        observer="linux",
        evidence="kernel",
        sandbox="off",
        limits=Limits(),
        exit_code=0,
        stopped_by=None,
        duration=duration,
        processes=(structs.replace(main, exit_code=0), *processes),
    )
    return structs.replace(trace, **more)


def a_child(pid: int, started: float = 0.02, ended: float | None = 0.05, **more: Any) -> Process:
    """A Process that the main program started and joined, without an error."""
    facts: dict[str, Any] = {
        "parent": MAIN,
        "kind": "process",
        "name": f"Process-{pid - MAIN}",
        "exit_code": 0,
        "waited": "joined",
    }
    return Process(pid=pid, started=started, ended=ended, **facts | more)


def a_write(pid: int, text: str, time: float = 0.03, **more: Any) -> Write:
    """Something that a process wrote to stdout."""
    write = Write(pid=pid, text=text, time=time, stream="stdout")
    return structs.replace(write, **more)


def a_join(child: int, began: float, ended: float | None, **more: Any) -> Wait:
    """A join() of the main program; one that never came back has no end."""
    saw_end = ended is not None
    wait = Wait(pid=MAIN, child=child, how="join", began=began, ended=ended, saw_end=saw_end)
    return structs.replace(wait, **more)


def q6_right() -> Trace:
    """Four processes, each printing its number, all joined: 60 ms."""
    pids = [MAIN + number for number in range(1, 5)]
    starts = [0.021, 0.023, 0.024, 0.026]
    ends = [0.036, 0.038, 0.041, 0.043]
    joins = [(0.028, 0.037), (0.037, 0.039), (0.039, 0.042), (0.042, 0.044)]
    return a_trace(
        *map(a_child, pids, starts, ends),
        duration=0.06,
        writes=tuple(
            a_write(pid, f"My number is {number}\n", 0.031 + 0.002 * number)
            for number, pid in enumerate(pids, 1)
        ),
        waits=tuple(a_join(pid, *times) for pid, times in zip(pids, joins, strict=True)),
    )


def hanging() -> Trace:
    """A join() of a child that never ends, until the time limit."""
    trace = a_trace(
        a_child(4712, 0.03, 20.0, killed=True, exit_code=-9, waited="never"),
        duration=20.0,
        stopped_by="time limit",
        exit_code=None,
        waits=(a_join(4712, 0.032, None),),
    )
    main = structs.replace(trace.main, killed=True, exit_code=-9)
    return structs.replace(trace, processes=(main, *trace.processes[1:]))


def a_pool(**more: Any) -> Pool:
    """A pool of 4 that ran 10 tasks and was left through `with`."""
    workers = tuple(Worker(MAIN + n, tasks) for n, tasks in enumerate((3, 3, 2, 2), 1))
    pool = Pool(
        owner=MAIN,
        flavour="Pool",
        asked=4,
        size=4,
        created=0.018,
        workers=workers,
        shutdown="with",
        shut_down_at=0.285,
    )
    return structs.replace(pool, **more)


def a_check(name: str, status: CheckStatus = "passed", **more: Any) -> CheckResult:
    """A check of 2 points."""
    facts: dict[str, Any] = {
        "title": f"Title of {name}",
        "points": 2 if status == "passed" else 0,
        "max_points": 2,
        "message": f"Message of {name}.",
        "hint": "" if status == "passed" else f"Hint of {name}.",
    }
    return CheckResult(id=name, status=status, **facts | more)


def an_exercise(*checks: CheckResult, **more: Any) -> ExerciseReport:
    """q6 with these checks, marked by them."""
    facts: dict[str, Any] = {
        "id": "q6",
        "title": "Create 4 processes",
        "status": "passed" if all(c.status == "passed" for c in checks) else "failed",
        "points": sum(check.points for check in checks),
        "max_points": sum(check.max_points for check in checks),
        "trace": q6_right(),
    }
    return ExerciseReport(checks=checks, **facts | more)


def a_report(*exercises: ExerciseReport, submission: str = "exercises/q6.py") -> Report:
    """The report of one submission."""
    return Report(submission=submission, exercises=exercises)


NASTY = (
    *("\x1b[31m", "\x1b]0;title\x07", "\n", "\r", "\t", "\x00", "\x7f", "\x9b", "\x85"),
    *("\u2028", "\u202e", "\u2066", "\u200b", "\ufeff", "\ufe0f", "\ud800"),
    *("\u3164", "\u061c", "\u200f", "\u3000", "##vso[", "\udcff", "\ufffe"),
    *("::stop-commands::", "::", ":", "##[", "#", "[", " ", "  ", '"'),
    *("é", "e\u0301", "\u0301", "进程", "🎉", "word", "a" * 70),
)
"""Parts of texts that have hurt terminals, logs or alignment."""

nasty_texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=8).map("".join)

unhurried = settings(deadline=None, phases=set(Phase) - {Phase.explain})
"""For what shows whole traces: explaining which part of one matters takes minutes."""

_times = st.floats(min_value=0, max_value=1000, allow_subnormal=False)
_maybe_times = st.none() | _times
_pids = st.sampled_from([1, *range(MAIN, MAIN + 20), 4_194_304])
_counts = st.integers(0, 1 << 20)
_points = st.integers(0, 100)


def _some(each: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(each, max_size=3).map(tuple)


_processes = st.lists(
    st.builds(
        Process,
        pid=_pids,
        parent=st.none() | _pids,
        name=nasty_texts,
        started=_times,
        ended=_maybe_times,
        exit_code=st.sampled_from([None, 0, 1, -9, -99]),
        waited=...,
        killed=st.booleans(),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda process: process.pid,
).map(tuple)

_pools = st.builds(
    Pool,
    owner=_pids,
    created=_times,
    workers=_some(st.builds(Worker, _pids, _counts)),
    shutdown=...,
    shut_down_at=_maybe_times,
    outstanding=_counts,
    errors_swallowed=_some(nasty_texts),
)

traces = st.builds(
    Trace,
    program=nasty_texts,
    python=nasty_texts,
    start_method=nasty_texts,
    sandbox=nasty_texts,
    limits=st.builds(Limits, _times, _counts),
    duration=_times,
    processes=_processes,
    writes=_some(st.builds(Write, pid=_pids, time=_times, text=nasty_texts)),
    waits=_some(
        st.builds(Wait, pid=_pids, child=_pids, how=nasty_texts, began=_times, ended=_maybe_times)
    ),
    pools=_some(_pools),
    unstarted=_some(st.builds(Unstarted, _pids, nasty_texts, st.none())),
    clues=_some(st.builds(Clue, _pids, _times, detail=nasty_texts)),
    truncated=_some(st.builds(Truncation, _pids, _counts)),
)
"""Any trace at all, sensible or not, of texts as nasty as they come."""

_checks = st.builds(
    CheckResult,
    id=st.just("joined"),
    title=nasty_texts,
    points=_points,
    max_points=_points,
    message=nasty_texts,
    hint=nasty_texts,
)

reports = st.builds(
    Report,
    schema=st.just(1),
    submission=nasty_texts,
    exercises=_some(
        st.builds(
            ExerciseReport,
            id=st.just("q6"),
            title=nasty_texts,
            points=_points,
            max_points=_points,
            checks=_some(_checks),
            trace=st.none() | traces,
            note=nasty_texts,
        )
    ),
)
"""Any report at all."""

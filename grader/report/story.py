"""What one process of a run did, told in a line of plain words."""

from collections import Counter
from collections.abc import Iterator

from grader.checks.evidence import listed, signal_name
from grader.phrases import counted
from grader.report.lines import Line, Lines, plain
from grader.report.page import Page
from grader.report.words import duration, quoted, quoted_lines
from grader.trace import Error, Kind, Process, StopReason, Trace, Wait

_KINDS: dict[Kind, tuple[str, str]] = {
    "main": ("program", "programs"),
    "process": ("process", "processes"),
    "worker": ("pool worker", "pool workers"),
    "helper": ("helper of multiprocessing", "helpers of multiprocessing"),
    "fork": ("process made with os.fork()", "processes made with os.fork()"),
    "program": ("separate program", "separate programs"),
}
"""One and many of each kind of process."""

_LAST_MOMENTS: dict[StopReason | None, str] = {
    "sign": "when the run was stopped",
    "observer ended": "when the run was stopped",
    None: "at the program's end",
}
"""When the runner killed what was still there."""

_ERROR_QUOTED = 300
"""Characters of the line that names an error."""


def counted_kinds(kinds: Counter[Kind]) -> str:
    """How many processes of which kinds: "4 processes and 2 pool workers"."""
    return listed(counted(kinds[kind], *_KINDS[kind]) for kind in _KINDS if kinds[kind])


def course(trace: Trace) -> str:
    """How long the run went, or why the runner put an end to it."""
    if trace.stopped_by == "time limit":
        return f"was stopped at its time limit of {duration(trace.limits.wall_time)}"
    if trace.stopped_by is not None:
        at = f" at its {trace.stopped_by}" if trace.stopped_by.endswith("limit") else ""
        return f"was stopped{at} after {duration(trace.duration)}"
    return f"ran for {duration(trace.duration)}"


def manner(trace: Trace) -> str:
    """In which Python and in which way it was run."""
    sandbox = "no sandbox" if trace.sandbox == "off" else f"sandbox: {trace.sandbox}"
    inside = ", seen from inside only" if trace.evidence == "in-process" else ""
    return f"Python {trace.python}, {trace.start_method}, {sandbox}{inside}"


def story_of(process: Process, trace: Trace, page: Page) -> Lines:
    """What a process was, did and printed, how it ended and who waited for it.

    One line a fact, however long.
    """
    return (
        *_role(process, trace),
        *_children(process, trace),
        *_output(process, trace, page),
        *_stuck(process, trace, page),
        *_ending(process, trace),
        *_waited_for(process, trace, page),
    )


def _role(process: Process, trace: Trace) -> Iterator[Line]:
    if process.kind == "main":
        yield plain("the program itself")
        return
    if process.kind == "worker":
        yield plain(f"pool worker{_tasks(process, trace)}")
    elif process.kind != "process":
        yield plain(_KINDS[process.kind][0])
    parent = None if process.parent is None else trace.process(process.parent)
    if parent not in (None, trace.main):
        yield plain(f"started by {process.parent}")


def _tasks(worker: Process, trace: Trace) -> str:
    pools = [pool for pool in trace.pools if pool.flavour == "Pool"]
    tasks = [w.tasks for pool in pools for w in pool.workers if w.pid == worker.pid]
    return f", {counted(sum(tasks), 'task')}" if tasks else ""


def _children(process: Process, trace: Trace) -> Iterator[Line]:
    kinds = Counter(p.kind for p in trace.processes if p.parent == process.pid)
    del kinds["helper"]
    if kinds:
        yield plain(f"started {counted_kinds(kinds)}")


def _output(process: Process, trace: Trace, page: Page) -> Iterator[Line]:
    printed = trace.text(process.pid, "stdout")
    complaint = trace.text(process.pid, "stderr")
    dropped = sum(t.dropped for t in trace.truncated if t.pid == process.pid)
    if printed:
        yield (("printed ", "plain"), *quoted_lines(printed, page))
    if process.error:
        yield _error(process.error, complaint, page)
    elif complaint:
        yield (("wrote to stderr ", "plain"), *quoted_lines(complaint, page))
    if dropped:
        yield plain(f"{counted(dropped, 'byte')} from the middle of its output were not kept")
    if process.kind == "process" and not (printed or complaint or dropped):
        yield plain("printed nothing")


def _error(error: Error, complaint: str, page: Page) -> Line:
    """The error that ended a process, and how much was written about it."""
    place = f" at line {error.line} of {page.safe(error.file)}" if error.line else ""
    name = quoted(" ".join(error.text.split()), page, _ERROR_QUOTED)
    size = f" ({counted(complaint.rstrip().count(chr(10)) + 1, 'line')} on stderr)"
    return ((f"error{place}: ", "bad"), (name, "strong"), (size if complaint else "", "plain"))


def _stuck(process: Process, trace: Trace, page: Page) -> Iterator[Line]:
    stuck = [w for w in trace.waits if w.pid == process.pid and w.ended is None]
    if stuck:
        first = stuck[0]
        how, since = page.safe(first.how), duration(first.began)
        text = f"its wait for {first.child} ({how}), begun at {since}, never came back"
        more = f", nor did {len(stuck) - 1} more" if stuck[1:] else ""
        yield ((text + more, "bad"),)


def _ending(process: Process, trace: Trace) -> Iterator[Line]:
    code = process.exit_code
    late = " after the program's end" if process.outlived else ""
    if process.killed:
        moment = _LAST_MOMENTS.get(trace.stopped_by, f"at the {trace.stopped_by}")
        yield ((f"still running {moment}, killed", "bad"),)
    elif process.ended is None:
        yield (("still running at the program's end", "bad"),)
    elif code is None:
        yield plain(f"ended{late}, exit code unknown")
    elif code < 0 and process.terminated:
        yield plain(f"terminated on purpose{late} by {signal_name(-code)}")
    elif code < 0:
        yield ((f"ended{late} by {signal_name(-code)}", "bad"),)
    else:
        yield ((f"exit code {code}{late}", "bad" if code else "plain"),)


def _waited_for(process: Process, trace: Trace, page: Page) -> Iterator[Line]:
    # How a subprocess was waited for, no trace can tell for certain.
    unknown = process.waited in ("at exit", "never") and process.kind != "process"
    if unknown or process.kind not in ("process", "fork", "program"):
        return
    waits = [wait for wait in trace.waits if wait.child == process.pid]
    if process.waited == "at exit":
        yield (("joined only at the program's exit", "bad"),)
    elif process.waited == "never" and any(wait.ended is None for wait in waits):
        yield (("the wait for it never came back", "bad"),)
    elif process.waited == "never":
        yield (("never joined", "bad"),)
    else:
        yield plain(_seen(_decisive(waits, process), process, page))


def _decisive(waits: list[Wait], process: Process) -> Wait | None:
    """The wait that saw the end of the process: a join, if it was joined."""
    seen = [wait for wait in waits if wait.saw_end and not wait.at_exit]
    if process.waited == "joined":
        seen.sort(key=lambda wait: wait.how != "join")
    return seen[0] if seen else None


def _seen(wait: Wait | None, process: Process, page: Page) -> str:
    joined = process.waited == "joined"
    if wait is None or wait.ended is None:
        return "joined" if joined else "its end was seen"
    what = "joined" if joined else f"its end was seen ({page.safe(wait.how)})"
    by = f" by {wait.pid}" if wait.pid != process.parent else ""
    return f"{what} at {duration(wait.ended)}{by}"

"""The data model of one observed run: a Trace and the records in it.

Everything here is an immutable record. Times are seconds since the program was started,
on the system's monotonic clock. Exit codes follow `multiprocessing`: a negative number
-N means "ended by signal N". This module imports nothing of the kit, so that whatever
marks or shows a run needs to know nothing about how it was observed.
"""

import os
from typing import Literal

from msgspec import Struct

Evidence = Literal["kernel", "in-process"]
"""How far facts can be trusted: attested by the operating system, or only reported from
inside the learner's interpreters."""

Stream = Literal["stdout", "stderr"]

Start = Literal["cold", "warm"]
"""How the program began: in a new interpreter, or in a fork of one that had its imports done."""

Kind = Literal["main", "process", "worker", "helper", "fork", "program"]
"""What a process is:

main     the learner's program itself
process  started through a multiprocessing Process object
worker   a worker of a Pool or of a ProcessPoolExecutor
helper   started by multiprocessing for itself: Manager, resource tracker, fork server
fork     made with os.fork(), without multiprocessing
program  anything else: a subprocess, a command
"""

Waited = Literal["joined", "otherwise", "at exit", "never"]
"""How the end of a process was waited for: `join()`; a sentinel, `is_alive()`, `exitcode`,
`active_children()` or `os.wait*()` that saw the end; only by the interpreter's exit
handlers; not at all."""

Flavour = Literal["Pool", "ThreadPool", "ProcessPoolExecutor", "ThreadPoolExecutor"]

Shutdown = Literal["with", "terminated", "closed and joined", "closed", "never"]
"""How a pool was shut down by the program itself; "closed" lacks the join()."""

Sign = Literal[
    "args not a tuple",
    "bootstrapping",
    "function not found",
    "import failed",
    "join before start",
    "run called",
    "shadowed module",
    "target called",
    "task called",
    "thread",
]
"""What a Clue is a clue of: see `Clue`."""


StopReason = Literal[
    "time limit",
    "cpu limit",
    "memory limit",
    "process limit",
    "scratch limit",
    "observer ended",
    "sign",
]
"""Why the runner put an end to a run: it went over a limit; it had ended its observer, so that
there is no evidence; or a sign was seen (a Clue of it is in the trace) that answered all that
this run was for."""


_MOST_PROCESSES = max(64, 2 * (os.cpu_count() or 1))
"""Enough for any exercise, and for a pool of the default size on a machine with many CPUs."""

_MOST_THREADS = 1024


class Limits(Struct, frozen=True):
    """What the run was allowed, times in seconds, sizes in bytes.

    Of all its processes together: wall time, CPU time, memory, how many live at once, and
    what they write into their temporary folder. Of each one: output kept, the size of a
    file that it writes, and open files.
    """

    wall_time: float = 20.0
    cpu_time: float = 60.0
    memory: int = 1 << 30
    processes: int = _MOST_PROCESSES
    output: int = 1 << 20
    file_size: int = 64 << 20
    open_files: int = 1024
    scratch: int = 256 << 20

    @property
    def threads(self) -> int:
        """How many threads all its processes may have at once: those of a library that computes
        with one for each CPU, in all of them.
        """
        return max(_MOST_THREADS, self.processes * max(16, os.cpu_count() or 1))


class Error(Struct, frozen=True):
    """The error that ended a process: its text, such as "NameError: name 'x' is not defined",
    and where in the program it was raised ("" and 0 where that is not known).
    """

    time: float
    text: str
    file: str
    line: int


class Process(Struct, frozen=True, kw_only=True):
    """One process of the run.

    `parent` is the PID that started it (for a fork server's child: who asked for it).
    `target` is the dotted name of what it was given to run, None where it was given
    nothing. `attested` says whether the kernel vouched for the PID. `terminated`: ended
    by a signal that another process of the program sent on purpose. `killed`: by the
    runner, because it was still there at the time limit or after the program's end;
    `outlived`: it was still running when the main program had ended.
    """

    pid: int
    parent: int | None
    kind: Kind
    name: str
    target: str | None = None
    start_method: str | None = None
    daemon: bool = False
    started: float
    ended: float | None = None
    exit_code: int | None = None
    error: Error | None = None
    cpu_time: float | None = None
    waited: Waited = "never"
    completed: bool = False
    """It ran its own target or run() to the end, without an error."""
    terminated: bool = False
    killed: bool = False
    outlived: bool = False
    attested: bool = False
    cell: int | None = None


class Write(Struct, frozen=True, kw_only=True):
    r"""Bytes that one process wrote, decoded as UTF-8 (undecodable ones as \\xNN).

    One record may hold several prints of a process that nothing came between.
    """

    pid: int
    time: float
    stream: Stream
    text: str
    cell: int | None = None


class Truncation(Struct, frozen=True):
    """`dropped` bytes from the middle of what `pid` wrote are not in the trace."""

    pid: int
    dropped: int


class Wait(Struct, frozen=True, kw_only=True):
    """`pid` waited for the process `child`, from `began` until `ended`.

    `ended` is None for a wait that never came back. `saw_end` is false for a join with a
    time-out that returned too early. `how` is what was called, such as "join".
    """

    pid: int
    child: int
    how: str
    began: float
    ended: float | None
    saw_end: bool
    at_exit: bool = False
    cell: int | None = None


class Worker(Struct, frozen=True):
    """A worker of a pool and the number of tasks that it ran."""

    pid: int
    tasks: int


class Pool(Struct, frozen=True, kw_only=True):
    """A pool: `asked` is the size in the program's own words (None: the default),
    `size` what it came to. Errors of tasks are their texts; swallowed ones were never
    fetched by the program. `outstanding` tasks had not finished at the shutdown.
    """

    owner: int
    flavour: Flavour
    asked: int | None
    size: int
    created: float
    workers: tuple[Worker, ...] = ()
    functions: tuple[str, ...] = ()
    shutdown: Shutdown = "never"
    shut_down_at: float | None = None
    outstanding: int = 0
    errors_collected: tuple[str, ...] = ()
    errors_swallowed: tuple[str, ...] = ()
    cell: int | None = None


class Unstarted(Struct, frozen=True):
    """A Process object that `owner` created and on which it never called start()."""

    owner: int
    name: str
    target: str | None
    time: float = 0.0
    cell: int | None = None


class Clue(Struct, frozen=True):
    """Something seen on the way that names a classic slip; `detail` says of what.

    args not a tuple   Process(args=...) was given `detail`
    bootstrapping      a child imported the main file anew and started processes: no guard
    function not found a child cannot find what it is to run: `detail` is the error
    import failed      a child could not import the main file: an error of class `detail`
    join before start  join() on the process named `detail`
    run called         run() of the process named `detail`, in its creator
    shadowed module    `detail` is the file that stood in for a standard module
    target called      `detail`: a Process with a target that is none, as target=f() gives
    task called        a pool was given `detail` for a function, as pool.map(f(), ...) does
    thread             a thread was started; `detail` is its target or class
    """

    pid: int
    time: float
    sign: Sign
    detail: str = ""
    cell: int | None = None


CellStatus = Literal["ok", "error", "time limit", "died"]
"""How a cell ended: the last two cost the kernel, which was killed, or was gone."""


class Cell(Struct, frozen=True, kw_only=True):
    """A cell of a notebook that was run; `index` counts the notebook's cells from 0, where
    one that holds several answers counts as several. `name` is what people call it, `error`
    what it raised.
    """

    index: int
    name: str = ""
    began: float
    ended: float
    status: CellStatus
    error: Error | None = None


class Trace(Struct, frozen=True, kw_only=True):
    """What one run of a program did. `processes` holds the main program first, then the
    others in the order of their start; `exit_code` is the main program's, None where the
    run was stopped by the runner.

    For a notebook the main program is its kernel. `cells` are those that it ran, in their
    order, and `cell` says in every other record to the index of which one that belongs:
    what a child does belongs to the cell that started it.
    """

    program: str
    python: str
    start_method: str
    observer: Literal["linux", "portable"]
    evidence: Evidence
    sandbox: str
    start: Start = "cold"
    limits: Limits
    exit_code: int | None
    stopped_by: StopReason | None
    duration: float
    processes: tuple[Process, ...]
    writes: tuple[Write, ...] = ()
    waits: tuple[Wait, ...] = ()
    pools: tuple[Pool, ...] = ()
    unstarted: tuple[Unstarted, ...] = ()
    clues: tuple[Clue, ...] = ()
    truncated: tuple[Truncation, ...] = ()
    cells: tuple[Cell, ...] = ()
    ignored_records: int = 0
    """Reports from inside the program that were malformed or contradicted the kernel."""

    @property
    def timed_out(self) -> bool:
        """The program was stopped at its limit of wall time."""
        return self.stopped_by == "time limit"

    @property
    def went_too_far(self) -> bool:
        """The program was stopped since it did what it may not: it went over a limit, say."""
        return self.stopped_by not in (None, "sign")

    @property
    def main(self) -> Process:
        """The learner's program itself."""
        return self.processes[0]

    def process(self, pid: int) -> Process | None:
        """The process with this PID, if the run had one."""
        return next((p for p in self.processes if p.pid == pid), None)

    def of_kind(self, *kinds: Kind) -> tuple[Process, ...]:
        """The processes of these kinds, in the order of their start."""
        return tuple(p for p in self.processes if p.kind in kinds)

    def text(self, pid: int, stream: Stream | None = None) -> str:
        """All that one process wrote, in order; of both streams unless one is named."""
        return "".join(w.text for w in self.writes if w.pid == pid and stream in (None, w.stream))

    def signs(self, sign: Sign) -> tuple[Clue, ...]:
        """The clues of one kind."""
        return tuple(c for c in self.clues if c.sign == sign)

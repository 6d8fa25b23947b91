"""The seam between the runner and the observers: what goes in and what comes out.

Times are seconds on the system's monotonic clock, as `time.monotonic()` gives them; it is
one clock for all processes of a machine (clock_gettime(2), CLOCK_MONOTONIC).
"""

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Protocol

from msgspec import Struct

from grader.run.records import Begun, Hello, Record
from grader.trace import Sign, StopReason, Truncation, Write

GRACE = 0.5
"""Seconds that a command, a raw fork nobody waited for or a Manager's server may take to end
after the program. Other processes of multiprocessing get none: its exit handlers await them
all, so one that is left shows that those were cut off."""

HELPER_GRACE = 5.0
"""Seconds that a resource tracker or a fork server may take to end after all the others,
which is what they wait for. Whatever stays longer only claims to be one."""

HELPER_CODE = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
HELPER_MODULE = "multiprocessing.managers"


class Orders(Protocol):
    """What an observer is asked while it runs, by whomever."""

    wakes: socket.socket
    """Readable when something is asked."""
    stop: threading.Event
    """Asks for the end of the run, as at its time limit."""
    finishing: threading.Event
    """Asks for the end of the program's first process."""

    def attend(self) -> None:
        """Take note of what is asked, without waiting for more."""
        ...

    def has_caught_up(self) -> None:
        """Say that all has been read that was written before this was asked for."""
        ...


class Control:
    """What another thread may ask of a running observer, and learn from it: see Orders."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.finishing = threading.Event()
        self.ended = threading.Event()
        """The program has ended, or never began."""
        self._caught_up = threading.Event()
        self.wakes, self._waker = socket.socketpair()
        self.wakes.setblocking(False)

    def ask_to_stop(self) -> None:
        """End the run now, as at its time limit."""
        self.stop.set()
        self._wake()

    def finish(self) -> None:
        """End the program's first process now, as if it had ended by itself."""
        self.finishing.set()
        self._wake()

    def catch_up(self) -> None:
        """Wait until all that the program has written before this call has been read."""
        self._caught_up.clear()
        self._wake()
        while not (self._caught_up.wait(_PATIENCE) or self.ended.is_set()):
            pass

    def _wake(self) -> None:
        with suppress(OSError):  # nobody is there any more to be woken
            self._waker.send(b"!")

    def attend(self) -> None:
        """See Orders."""
        with suppress(BlockingIOError):
            self.wakes.recv(_LONGEST_ORDER)

    def has_caught_up(self) -> None:
        """See Orders: let who waits in catch_up() go on."""
        self._caught_up.set()

    def close(self) -> None:
        """Nothing more will be asked."""
        self.wakes.close()
        self._waker.close()


_PATIENCE = 0.1
_LONGEST_ORDER = 1 << 12


class Root(Protocol):
    """The program's first process."""

    @property
    def pid(self) -> int:
        """Its PID."""
        ...

    def wait(self) -> int:
        """Reap it and give its exit code, as subprocess.Popen.wait() does."""
        ...


Start = Callable[[Sequence[str], Mapping[str, str], str, int, int], Root]
"""Given the command, the environment, the folder, and what are to be its stdout and stderr."""


class Launch(Struct, frozen=True):
    """How to start the program: `scratch` is a folder of this run alone. The run
    is over as soon as one of the signs in `stop_at` is seen, or `control` says so.
    """

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]
    scratch: str
    stop_at: tuple[Sign, ...] = ()
    control: Orders | None = None
    start: Start | None = None
    """Starts it otherwise than as a new process."""


class Life(Struct):
    """What the operating system told of one process, filled in as the run goes on."""

    pid: int
    seen: float
    ended: float | None = None
    parent: int | None = None
    command: str = ""
    exit_code: int | None = None
    cpu_time: float | None = None
    killed: bool = False
    outlived: bool = False
    attested: bool = False


class Observation(Struct, frozen=True, kw_only=True):
    """The log of one run. `records` stand in the order of their arrival; the times of
    `writes` count from `began`.
    """

    root: int
    began: float
    ended: float
    exit_code: int | None
    stopped_by: StopReason | None
    records: tuple[Record, ...]
    lives: Mapping[int, Life]
    writes: tuple[Write, ...]
    truncated: tuple[Truncation, ...]
    ignored: int


def lost(left: set[int]) -> Observation:
    """What is known of a run whose observer was ended: who was left."""
    now = time.monotonic()
    return Observation(
        root=min(left),
        began=now,
        ended=now,
        exit_code=None,
        stopped_by="observer ended",
        records=(),
        lives={pid: Life(pid, seen=now, killed=True) for pid in left},
        writes=(),
        truncated=(),
        ignored=0,
    )


def is_helper(record: Record) -> bool:
    """Whether this report comes from an interpreter that ends after all the others."""
    return isinstance(record, Hello) and any(
        code in argument for argument in record.argv for code in HELPER_CODE
    )


def is_awaited(record: Record) -> bool:
    """Whether this report comes from a process that multiprocessing's exit handlers await."""
    return isinstance(record, Begun) and record.module != HELPER_MODULE


def since(log: Observation, time: float) -> float:
    """Seconds from the start of the program to a time of the system's clock."""
    return max(0.0, time - log.began)

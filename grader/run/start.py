"""Starting a program so that all it writes and reports is heard.

It imports next to nothing, so that a keeper can begin its first run before its observer has
imported what reads and checks reports: Python takes as long to start. What the probe says
meanwhile waits in its socket, and the program's own code waits at the Gate.
"""

import marshal
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from grader.run.spawned import spawn

TYPE_CHECKING = False  # to import typing takes longer than all that is imported here
if TYPE_CHECKING:
    from grader.run.observation import Root

_SHARED_MEMORY = "/dev/shm"  # noqa: S108  # shm_overview(7), sem_overview(7)

_FIRST_TO_GO = "1000"

Start = Callable[[Mapping[str, str], int, int], "Root"]
"""Starts a process, given its environment and what is to be its stdout and stderr."""


class Beginning:
    """What a run begins with, of a Request: `bounds` are what the system holds each of its
    processes to (see usage.py), `room` is how many bytes its own folders may take. `argv` is
    empty where the observer starts the program itself.
    """

    def __init__(
        self,
        argv: tuple[bytes, ...],
        cwd: bytes,
        env: dict[bytes, bytes],
        scratch: bytes,
        bounds: dict[int, int],
        room: int,
        files: tuple[tuple[bytes, bytes, bool], ...],
        shared: str,
    ) -> None:
        self.argv = argv
        self.cwd = cwd
        self.env = env
        self.scratch = scratch
        self.bounds = bounds
        self.room = room
        self.files = files
        self.shared = shared


def encode_beginning(beginning: Beginning) -> bytes:
    """For an interpreter of the same version."""
    return marshal.dumps(tuple(vars(beginning).values()))


def decode_beginning(data: bytes) -> Beginning:
    """What encode_beginning() was given; only for what the kit itself has sent."""
    return Beginning(*marshal.loads(data))  # noqa: S302


class Gate:
    """What the probe waits at before any code of the program runs: a child that came and went
    before anybody listened would have left no trace in /proc. It is a lock on a file beside the
    socket of the probe (fcntl(2), "Advisory record locking"), which ends with the observer.
    """

    def __init__(self, address: str) -> None:
        self._path = f"{address}.gate"
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.lockf(self._fd, os.F_LOCK, 0)

    def open(self) -> None:
        """Let it go on."""
        os.unlink(self._path)  # first: who comes later finds none, and does not wait
        os.close(self._fd)


class Begun:
    """A program that runs, since `began` on the monotonic clock, and where it is heard. `before`
    are the names that there were in shared memory. Its interpreter starts, and none of its own
    code runs until somebody listens.
    """

    def __init__(
        self,
        root: "Root",
        began: float,
        before: frozenset[str],
        reports: socket.socket,
        stdout: socket.socket,
        stderr: socket.socket,
        gate: Gate,
    ) -> None:
        self.root = root
        self.began = began
        self.before = before
        self.reports = reports
        self.stdout = stdout
        self.stderr = stderr
        self.gate = gate


def begin_program(beginning: Beginning) -> Begun:
    """Start the program that is asked for in its folder, as begin() does."""
    before = os.open(".", os.O_PATH)
    os.chdir(os.fsdecode(beginning.cwd))  # posix_spawn() can set none
    try:
        return begin(
            partial(spawn, list(map(os.fsdecode, beginning.argv))),
            {os.fsdecode(name): os.fsdecode(value) for name, value in beginning.env.items()},
            os.fsdecode(beginning.scratch),
            beginning.bounds,
        )
    finally:
        os.fchdir(before)
        os.close(before)


def begin(start: Start, env: Mapping[str, str], scratch: str, bounds: Mapping[int, int]) -> Begun:
    """Start a program whose probe reports to a socket in its folder `scratch`. Raises OSError."""
    before = names_in_shared_memory()
    address = f"{scratch}/probe"
    gate = Gate(address)
    reports = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    stdout, their_stdout = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    stderr, their_stderr = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    with their_stdout, their_stderr:
        try:
            reports.bind(address)
            for heard in (reports, stdout, stderr):
                _ask_for_senders(heard)
            began = time.monotonic()
            reporting = {**env, "GRADER_PROBE": f"socket:{address}"}
            root = start(reporting, their_stdout.fileno(), their_stderr.fileno())
        except OSError:
            gate.open()
            for heard in (reports, stdout, stderr):
                heard.close()
            raise
        hold(root.pid, bounds)
    return Begun(root, began, before, reports, stdout, stderr, gate)


def _ask_for_senders(sock: socket.socket) -> None:
    """Have the kernel attach the sender to whatever is read from a socket from now on."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    sock.setblocking(False)


def names_in_shared_memory() -> frozenset[str]:
    """The named semaphores and segments that there are, where the system lists them."""
    try:
        return frozenset(os.listdir(_SHARED_MEMORY))
    except OSError:
        return frozenset()


def hold(pid: int, bounds: Mapping[int, int]) -> None:
    """Have the system hold a process, and all that it will start, to bounds that are for each
    (prlimit(2)). A program that asks for more memory than it may have is refused it
    before all of them together are stopped for it. Systems without prlimit() do not.
    """
    if sys.platform != "linux":
        return
    import resource

    for kind, limit in bounds.items():
        hard = resource.getrlimit(kind)[1]
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        with suppress(ProcessLookupError):
            resource.prlimit(pid, kind, (least, least))
    # Should the machine run out of memory, the program goes before anybody else (proc(5)).
    with suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w", encoding="ascii") as file:
        file.write(_FIRST_TO_GO)

"""Starting a program so that all it writes and reports is heard.

What the probe says before anybody listens waits in its socket, and the program's own code waits
at the Gate.
"""

import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from msgspec import Struct

from grader.run.observation import Launch, Root
from grader.run.spawned import Child, spawn

_SHARED_MEMORY = "/dev/shm"  # noqa: S108  # shm_overview(7), sem_overview(7)

_FIRST_TO_GO = "1000"


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


class Begun(Struct, frozen=True):
    """A program that runs, since `began` on the monotonic clock, and where it is heard. `before`
    are the names that there were in shared memory. None of its own code runs until the gate is
    opened.
    """

    root: Root
    began: float
    before: frozenset[str]
    reports: socket.socket
    stdout: socket.socket
    stderr: socket.socket
    gate: Gate


def begin(launch: Launch, bounds: Mapping[int, int]) -> Begun:
    """Start a program whose probe reports to a socket in its folder `scratch`; `bounds` are what
    the system holds each of its processes to (see usage.py). Raises OSError.
    """
    before = names_in_shared_memory()
    address = f"{launch.scratch}/probe"
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
            reporting = {**launch.env, "GRADER_PROBE": f"socket:{address}"}
            start = launch.start or _start
            root = start(
                launch.argv, reporting, launch.cwd, their_stdout.fileno(), their_stderr.fileno()
            )
        except OSError:
            gate.open()
            for heard in (reports, stdout, stderr):
                heard.close()
            raise
        hold(root.pid, bounds)
    return Begun(root, began, before, reports, stdout, stderr, gate)


def _start(
    argv: Sequence[str], env: Mapping[str, str], cwd: str, stdout: int, stderr: int
) -> Child:
    """As a new process, in its folder: posix_spawn() can set none."""
    before = os.open(".", os.O_PATH)
    try:
        os.chdir(cwd)
        return spawn([*argv], env, stdout, stderr)
    finally:
        os.fchdir(before)
        os.close(before)


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
    with suppress(OSError), open(f"/proc/{pid}/oom_score_adj", "w", encoding="utf-8") as file:
        file.write(_FIRST_TO_GO)

"""What Linux tells about processes: proc(5), pidfd_open(2)."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress

from msgspec import Struct, structs

from grader.run.usage import Usage

_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
_PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
_PER_TABLE = _PAGE // 8
"""Bytes of addresses that a byte of a page table is for."""
_PIDFDS = ("anon_inode:[pidfd]", "pidfd:[")
"""What pidfds are called, the second way from Linux 6.9 on."""


class Stat(Struct, frozen=True):
    """A line of /proc/PID/stat; CPU time in seconds, user and system together.

    `tree_time` adds that of the children that it has waited for. `memory` is what it has in
    memory, in bytes, shared pages too, `mapped` what it has addresses for.
    """

    command: str
    state: str
    parent: int
    cpu_time: float
    tree_time: float
    threads: int
    mapped: int
    memory: int

    @property
    def is_running(self) -> bool:
        """Whether it is not merely waiting to be reaped: where its first thread alone has ended
        the state is a zombie's too.
        """
        return self.state not in "ZX" or self.threads > 1


def stat(pid: int) -> Stat | None:
    """How a process is doing, None if there is none of this PID."""
    state = _stat(f"/proc/{pid}")
    if state is not None and state.state in "ZX" and state.is_running:
        other = _stat(_living_thread(pid))  # the first one's memory is no more
        state = (
            structs.replace(state, mapped=other.mapped, memory=other.memory) if other else state
        )
    return state


def _living_thread(pid: int) -> str:
    """The folder of a thread that has not ended, or of the process if there is none. A thread that
    is not the first is gone when it has ended.
    """
    own = f"/proc/{pid}"
    with suppress(OSError), os.scandir(f"{own}/task") as threads:
        return next((each.path for each in threads if each.name != f"{pid}"), own)
    return own


def _stat(folder: str) -> Stat | None:
    try:
        text = _content(f"{folder}/stat")
    except OSError:
        return None
    # The command stands in parentheses and may hold any character, also ")".
    before, _, after = text.decode(errors="replace").rpartition(")")
    fields = after.split()
    own, waited_for = (sum(map(int, fields[first : first + 2])) / _TICKS for first in (11, 13))
    return Stat(
        command=before.partition("(")[2],
        state=fields[0],
        parent=int(fields[1]),
        cpu_time=own,
        tree_time=own + waited_for,
        threads=int(fields[17]),
        mapped=int(fields[20]),
        memory=int(fields[21]) * _PAGE,
    )


def _content(path: str) -> bytes:
    """All that a file of /proc tells. An observer reads dozens of them in a run, which takes half
    as long without the layers of open(). Raises OSError.
    """
    fd = os.open(path, os.O_RDONLY)
    try:
        return b"".join(iter(lambda: os.read(fd, _PAGE), b""))
    finally:
        os.close(fd)


def running(pids: Iterable[int]) -> dict[int, Stat]:
    """How those of these processes are doing that run."""
    states = ((pid, stat(pid)) for pid in pids)
    return {pid: state for pid, state in states if state is not None and state.is_running}


def usage(states: Mapping[int, Stat]) -> Usage:
    """What these processes use, their memory as a quick sum that is too large rather than too
    small: what forks share counts once for each, and page tables count as if all of their
    addresses were in use.
    """
    return Usage(
        processes=len(states),
        threads=sum(state.threads for state in states.values()),
        cpu_time=sum(state.tree_time for state in states.values()),
        memory=sum(state.memory + state.mapped // _PER_TABLE for state in states.values()),
    )


def own_memory(pid: int) -> int:
    """Bytes that a process has in memory, of shared pages its share (proc(5), Pss), and those of
    its page tables; all pages, where it does not let their shares be seen (PR_SET_DUMPABLE).
    """
    tables = _field(f"/proc/{pid}/status", "VmPTE:")
    pages = _field(f"/proc/{pid}/smaps_rollup", "Pss:")
    if pages is None and tables is None:
        other = _living_thread(pid)
        tables = _field(f"{other}/status", "VmPTE:")
        pages = _field(f"{other}/smaps_rollup", "Pss:")
    if pages is None:
        state = stat(pid)
        pages = state.memory if state else 0
    return pages + (tables or 0)


def _field(path: str, name: str) -> int | None:
    """The bytes that a line of a file tells in KiB."""
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            if line.startswith(name):
                return int(line.split()[1]) << 10
    return None


def is_running(pid: int) -> bool:
    """Whether the process exists and is not merely waiting to be reaped."""
    now = stat(pid)
    return now is not None and now.is_running


def children(pid: int) -> set[int]:
    """The processes whose parent this one is, as far as /proc lists them."""
    found: set[int] = set()
    threads: list[str] = []
    with suppress(FileNotFoundError, ProcessLookupError):  # it ends while we look
        threads = os.listdir(f"/proc/{pid}/task")
    for thread in threads:
        found |= _children_of_thread(f"/proc/{pid}/task/{thread}/children")
    return found


def _children_of_thread(path: str) -> set[int]:
    with suppress(FileNotFoundError, ProcessLookupError):  # the thread ends while we look
        return set(map(int, _content(path).split()))
    return set()


def descendants(pid: int, *, without: frozenset[int] = frozenset()) -> list[int]:
    """All processes below this one, parents first, leaving out some and all below them.

    One that is handed on from a parent that ends may be on neither list at the time, so that
    there are none is believed at the third look.
    """
    found: list[int] = []
    looks = (sorted(children(pid) - without) for _ in range(3))
    pending = next(filter(None, looks), [])
    while pending:
        found += pending
        pending = sorted(child for parent in pending for child in children(parent))
    return found


def pidfd(pid: int) -> int | None:
    """A descriptor that stays with this process until closed, None if it is gone."""
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def is_pidfd(fd: int) -> bool:
    """Whether a descriptor, whoever it comes from, is a pidfd."""
    return os.readlink(f"/proc/self/fd/{fd}").startswith(_PIDFDS)


def pid_of_pidfd(fd: int) -> int | None:
    """The PID behind a pidfd: -1 once it was reaped, None if it tells none."""
    for line in _content(f"/proc/self/fdinfo/{fd}").splitlines():
        name, _, value = line.partition(b":")
        if name == b"Pid":
            return int(value)
    return None


def send_signal(pid: int, number: signal.Signals) -> None:
    """Signal a process that may be gone already."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def freeze(found: Callable[[], set[int]], deadline: float) -> set[int]:
    """Stop all processes that are found, until no more are: a process that is stopped can make
    no other one. Gives up at the deadline.
    """
    stopped: set[int] = set()
    while (fresh := found() - stopped) and time.monotonic() < deadline:
        for pid in fresh:
            send_signal(pid, signal.SIGSTOP)
        stopped |= fresh
    return stopped


def kill_below(pid: int, deadline: float) -> set[int]:
    """Kill all processes below this one, which inherits the orphans."""
    return kill_found(lambda: set(descendants(pid)), deadline)


def kill_found(found: Callable[[], set[int]], deadline: float) -> set[int]:
    """Kill all processes that are found, until there are no more, and reap the caller's own."""
    killed: set[int] = set()
    while left := freeze(found, deadline):
        killed |= left
        for each in left:
            send_signal(each, signal.SIGKILL)
        for each in left:
            with suppress(ChildProcessError):
                os.waitpid(each, 0)
        if time.monotonic() > deadline:
            break
    return killed


def started_with(words: Iterable[bytes]) -> set[int]:
    """All processes that run and in whose first environment one of these words stands, as far
    as they let it be seen (proc(5), /proc/PID/environ).
    """
    wanted = [word for word in words if word]  # an empty one stands in all of them
    found: set[int] = set()
    for pid in everyone():
        with suppress(OSError):
            environ = _content(f"/proc/{pid}/environ")
            if any(word in environ for word in wanted):
                found.add(pid)
    return found


def everyone() -> set[int]:
    """All processes in this PID namespace, also those that have ended and were not waited for."""
    return {int(name) for name in os.listdir("/proc") if name.isdecimal()}


def kill_all() -> None:
    """As PID 1, kill all others in this PID namespace at once: none can fork meanwhile
    (kill(2), a PID of -1).
    """
    with suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)


def reap(pid: int) -> int | None:
    """The exit code of a child of ours that has ended, None if it has not."""
    try:
        waited, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return None
    return os.waitstatus_to_exitcode(status) if waited else None


def tells_enough() -> bool:
    """Whether this system has all that the observer needs which goes by the kernel's word."""
    if sys.platform != "linux" or not os.path.exists("/proc/self/task"):
        return False
    own = pidfd(os.getpid())
    if own is None:
        return False
    os.close(own)
    return os.path.exists(f"/proc/self/task/{threading.get_native_id()}/children")

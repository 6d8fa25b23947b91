"""The CPU time of a command: of its own processes, and of all that it starts.

All: a cgroup of its own (version 2) counts every process that was ever in it, whoever waited
for it (cgroups(7); cpu.stat), until the last is gone. It takes root or a delegated subtree. What
was waited for (RUSAGE_CHILDREN of getrusage(2)) is no substitute: the keepers ignore SIGCHLD, and
the times of who is reaped like that are nobody's (getrusage(2)); of a batch that is five
sixths. Where no cgroup can be made it is what the whole machine was busy with meanwhile, which is
right on a machine that does nothing else.

Own: of the coordinator and of its workers, each by itself, without what it started: user and
system time of all its threads in /proc/PID/stat. The coordinator is read once it has ended and
before it is reaped, the workers twenty times a second while they live, so that the last twentieth
of a second of each at most is missing. The coordinator starts Python, collects, stores and writes
the table and the pages; with its workers, this is Python's start and all imports, collecting,
loading, marking, packing, storing, the table and the pages; the keepers, the observers, the
sandboxes and the programs are not in it.

In neither is what the kernel does in threads of its own, such as clearing away namespaces, but it
is in what the machine was busy with (/proc/stat), as the neighbours are.
"""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from msgspec import Struct

from grader.run import proc

_LOOKS = 0.05
_END = 10.0
"""Seconds for the last process of a cgroup to be gone."""


class Used(Struct, frozen=True, kw_only=True):
    """What a command took, in seconds. `cpu` is that of all its processes, if it could be
    `counted`, and that of the machine otherwise; `coordinator` and `own`, which is that of its
    workers too, are None off Linux.
    """

    wall: float
    cpu: float
    coordinator: float | None
    own: float | None
    machine: float
    counted: bool


class Ran(Struct, frozen=True):
    """How a command ended, and what it said and took."""

    exit_code: int
    stdout: bytes
    stderr: bytes
    used: Used


def run(command: Sequence[str], env: Mapping[str, str]) -> Ran:
    """Run a command to its end."""
    with _cgroup() as group, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        # sh enters the group, and becomes the command.
        entered = ["sh", "-c", f'echo $$ > "{group}/cgroup.procs" && exec "$@"', "sh", *command]
        busy, began = _busy(), time.perf_counter()
        process = subprocess.Popen(
            entered if group else command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
        )
        coordinator, workers = _watched(process.pid)
        code = process.wait()
        wall = time.perf_counter() - began
        counted = _counted(group) if group else None
        machine = _busy() - busy
        out.seek(0)
        err.seek(0)
        said = out.read(), err.read()
    used = Used(
        wall=wall,
        cpu=machine if counted is None else counted,
        coordinator=coordinator,
        own=None if coordinator is None else coordinator + workers,
        machine=machine,
        counted=counted is not None,
    )
    return Ran(code, *said, used)


def _watched(coordinator: int) -> tuple[float | None, float]:
    """Wait for its end without reaping it; its CPU time and that of its workers."""
    if not hasattr(os, "waitid") or not Path("/proc/self/stat").exists():
        return None, 0.0
    ended = threading.Event()
    workers: dict[int, float] = {}
    watcher = threading.Thread(target=_watch, args=(coordinator, workers, ended), daemon=True)
    watcher.start()
    os.waitid(os.P_PID, coordinator, os.WEXITED | os.WNOWAIT)
    ended.set()
    watcher.join()
    state = proc.stat(coordinator)
    assert state is not None
    return state.cpu_time, sum(workers.values())


def _watch(coordinator: int, workers: dict[int, float], ended: threading.Event) -> None:
    """Keep the CPU time of each worker as it was last seen."""
    while not ended.wait(_LOOKS):
        for pid in proc.children(coordinator):
            state = proc.stat(pid)
            if state is not None and (pid in workers or _is_worker(pid)):
                workers[pid] = state.cpu_time


def _is_worker(pid: int) -> bool:
    """A process of multiprocessing's, not a keeper that the coordinator has begun itself."""
    with suppress(OSError):
        return b"multiprocessing" in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


@contextmanager
def _cgroup() -> Iterator[Path | None]:
    """A new cgroup, where one can be made, which goes again."""
    group = _new_cgroup()
    try:
        yield group
    finally:
        if group:
            _empty(group)
            group.rmdir()


def _new_cgroup() -> Path | None:
    with suppress(OSError, StopIteration):
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text().splitlines()]
        top = next(mount[1] for mount in mounts if mount[2] == "cgroup2")
        lines = Path("/proc/self/cgroup").read_text().splitlines()
        own = next(line[3:] for line in lines if line.startswith("0::"))
        group = Path(top, own.lstrip("/"), f"benchmark-{os.getpid()}")
        group.mkdir()
        if (group / "cpu.stat").exists() and _enters(group):
            return group
        group.rmdir()
    return None


def _enters(group: Path) -> bool:
    """Whether a process may go there."""
    command = ["sh", "-c", f'echo $$ > "{group}/cgroup.procs"']
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _empty(group: Path) -> None:
    """Wait until all that was in it is gone."""
    deadline = time.monotonic() + _END
    while "populated 1" in (group / "cgroup.events").read_text():
        if time.monotonic() > deadline:
            raise TimeoutError(f"something of a benchmark goes on in {group}")
        time.sleep(_LOOKS / 10)


def _counted(group: Path) -> float:
    _empty(group)
    facts = dict(line.split() for line in (group / "cpu.stat").read_text().splitlines())
    return int(facts["usage_usec"]) / 1e6


def _busy() -> float:
    """Seconds that all cores together have been at work; 0 where nobody tells."""
    try:
        fields = Path("/proc/stat").read_text(encoding="utf-8").split()[1:8]
    except OSError:
        return 0.0
    user, nice, system, _idle, _iowait, irq, softirq = map(int, fields)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")

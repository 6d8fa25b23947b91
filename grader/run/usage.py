"""What a running program uses, measured against its limits."""

import os
import sys
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from grader.trace import Limits, StopReason

_SCRATCH_PERIOD = 0.25
"""Seconds between two looks at the size of the scratch folder, which takes longest."""


_FIRST_TO_GO = "1000"


class Usage(Struct, frozen=True):
    """What the running processes of a program use together: how many they are, their CPU
    time in seconds, their memory in bytes.
    """

    processes: int
    cpu_time: float
    memory: int


def exceeded(usage: Usage, limits: Limits) -> StopReason | None:
    """The limit that this is over, if any."""
    if usage.processes > limits.processes:
        return "process limit"
    if usage.cpu_time > limits.cpu_time:
        return "cpu limit"
    return "memory limit" if usage.memory > limits.memory else None


class Scratch:
    """The temporary folder of a run, whose size is looked at now and then."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limit = limits.scratch
        self._looked = 0.0

    def exceeded(self, now: float) -> StopReason | None:
        """The limit that it is over, at `now` on the monotonic clock."""
        if now - self._looked < _SCRATCH_PERIOD:
            return None
        self._looked = now
        too_large = size_of(self._folder, at_most=self._limit) > self._limit
        return "scratch limit" if too_large else None


def hold(pid: int, limits: Limits) -> None:
    """Have the system hold a process, and all that it will start, to the limits that are for
    each (prlimit(2)). A program that asks for more memory than it may have is refused it
    before all of them together are stopped for it. Systems without prlimit() do not.
    """
    if sys.platform != "linux":
        return
    import resource

    wanted = {
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        # Each thread reserves 8 MiB for its stack, and takes next to nothing of it.
        resource.RLIMIT_DATA: 8 * limits.memory,
        # 0 would still call a crash reporter of the system's, 1 does not (core(5); do_coredump()
        # in the kernel's fs/coredump.c).
        resource.RLIMIT_CORE: 1,
    }
    for kind, limit in wanted.items():
        hard = resource.getrlimit(kind)[1]
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        with suppress(ProcessLookupError):
            resource.prlimit(pid, kind, (least, least))
    # Should the machine run out of memory, the program goes before anybody else (proc(5)).
    with suppress(OSError):
        Path(f"/proc/{pid}/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")


def size_of(folder: Path, *, at_most: int) -> int:
    """The bytes that the files in a folder take, counted no further than is asked for."""
    total = 0
    pending = [str(folder)]
    while pending and total <= at_most:
        try:
            with os.scandir(pending.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        pending.append(entry.path)
                    total += entry.stat(follow_symlinks=False).st_size
        except OSError:
            continue  # it is being changed while we look, or closed to us
    return total

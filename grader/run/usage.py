"""What a running program uses, measured against its limits."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from msgspec import Struct

from grader.trace import Limits, StopReason

_SCRATCH_PERIOD = 0.25
"""Seconds between two looks at the size of the scratch folder, which takes longest."""

_LONGEST_LOOK = 0.05
_BLOCK = 4096
"""Bytes that each file counts for at least: a million empty ones are too many as well."""


class Usage(Struct, frozen=True):
    """What the running processes of a program use together: how many they and their threads
    are, their CPU time in seconds, their memory in bytes.
    """

    processes: int
    cpu_time: float
    memory: int
    threads: int = 0


def exceeded(usage: Usage, limits: Limits, *, ended: float = 0.0) -> StopReason | None:
    """The limit on processes or CPU time that this is over, if any, where those that have `ended`
    took so much.
    """
    if usage.processes > limits.processes or usage.threads > limits.threads:
        return "process limit"
    return "cpu limit" if usage.cpu_time + ended > limits.cpu_time else None


class Scratch:
    """The temporary folder of a run, whose size is looked at now and then: in the sandbox, where
    it is a file system of its own, at once, and elsewhere file by file, a stretch at a time.
    """

    def __init__(self, folder: str, limit: int) -> None:
        self._folder = folder
        self._limit = limit
        self._looked = 0.0
        self._is_own = os.path.ismount(os.path.dirname(folder))
        self._walk = sizes(self._folder)
        self._total = 0

    def exceeded(self, now: float) -> StopReason | None:
        """The limit that it is over, at `now` on the monotonic clock."""
        if now - self._looked < _SCRATCH_PERIOD:
            return None
        self._looked = now
        is_over = taken(self._folder) > self._limit if self._is_own else self._has_come_over()
        return "scratch limit" if is_over else None

    def _has_come_over(self) -> bool:
        """Go on with the walk through the folder for a while, and begin anew at its end."""
        end = time.monotonic() + _LONGEST_LOOK
        for size in self._walk:
            self._total += size
            if self._total > self._limit:
                return True
            if time.monotonic() > end:
                return False
        self._walk, self._total = sizes(self._folder), 0
        return False


def taken(folder: str) -> int:
    """The bytes that are taken in the file system of a folder, of each file one block at least."""
    state = os.statvfs(folder)
    blocks = (state.f_blocks - state.f_bfree) * state.f_frsize
    return max(blocks, (state.f_files - state.f_ffree) * _BLOCK)


def sizes(folder: str) -> Iterator[int]:
    """The bytes of each file and folder below a folder, one block at least."""
    pending = [folder]
    while pending:
        path = pending.pop()
        with suppress(OSError), _opened(path) as entries:  # it may be gone, or closed to us
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    pending.append(f"{path}/{entry.name}")
                yield max(_size(entry), _BLOCK)


def _size(entry: "os.DirEntry[str]") -> int:
    try:
        return entry.stat(follow_symlinks=False).st_size
    except OSError:
        return 0  # it is gone


@contextmanager
def _opened(path: str) -> Iterator[Iterator["os.DirEntry[str]"]]:
    """The entries of a folder, none of whose states is looked up by way of all folders above."""
    if os.scandir not in os.supports_fd:
        with os.scandir(path) as entries:
            yield entries
        return
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        with os.scandir(fd) as entries:
            yield entries
    finally:
        os.close(fd)


def bounds(limits: Limits) -> dict[int, int]:
    """What of the limits the system can hold each process to: see start.hold()."""
    if sys.platform != "linux":
        return {}
    import resource

    return {
        resource.RLIMIT_FSIZE: limits.file_size,
        resource.RLIMIT_NOFILE: limits.open_files,
        # Each thread reserves 8 MiB for its stack, and takes next to nothing of it.
        resource.RLIMIT_DATA: 8 * limits.memory,
        # 0 would still call a crash reporter of the system's, 1 does not (core(5); do_coredump()
        # in the kernel's fs/coredump.c).
        resource.RLIMIT_CORE: 1,
    }

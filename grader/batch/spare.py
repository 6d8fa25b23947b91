"""What this machine has to spare: cores with nothing to do, while submissions sleep or wait."""

import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

_WINDOW = 0.2
"""Seconds that have to pass before it is believed that a core has nothing to do."""

_MOST_A_CORE = 4


class CoreTimes(Struct, frozen=True):
    """What this process's cores have done since the machine was started, all added up, in
    seconds.
    """

    cores: int
    total: float
    idle: float


def number_of_cores() -> int:
    """How many cores this process may use."""
    usable = usable_cores()
    return (os.cpu_count() or 1) if usable is None else len(usable)


def usable_cores() -> set[int] | None:
    """Which those are; None where a process cannot be bound to some."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None


def core_times() -> CoreTimes | None:
    """The times of these cores; None where the system does not tell (proc(5), /proc/stat)."""
    usable = usable_cores()
    if usable is None:
        return None
    with suppress(OSError, ValueError):
        ticks = [
            [int(tick) for tick in found[2].split()]
            for found in _CORE.finditer(Path("/proc/stat").read_text(encoding="ascii"))
            if int(found[1]) in usable
        ]
        # The fourth is idle, the fifth idle while a disk is waited for. After the eighth come
        # those of guests, which are counted before already.
        total = sum(sum(each[:8]) for each in ticks)
        idle = sum(each[3] + each[4] for each in ticks)
        a_second = os.sysconf("SC_CLK_TCK")
        return CoreTimes(len(ticks), total / a_second, idle / a_second)
    return None


_CORE = re.compile(r"^cpu(\d+) (.+)$", re.M)


class SpareCores:
    """Cores that have nothing to do; each is given away once in a while."""

    def __init__(self, times: Callable[[], CoreTimes | None] = core_times) -> None:
        self._times = times
        self._before = times()
        self._spare = 0

    def take(self) -> bool:
        """Whether there is one."""
        now, before = self._times(), self._before
        if now is None or before is None or not now.cores:
            return False
        passed = now.total - before.total
        if passed >= _WINDOW * now.cores:
            self._spare = round(now.cores * (now.idle - before.idle) / passed)
            self._before = now
        if self._spare < 1:
            return False
        self._spare -= 1
        return True


def most_at_a_time(cores: int, memory: int) -> int:
    """How many submissions may run while others of them wait, each of which may take so many
    bytes of memory. Never fewer than there are cores.
    """
    return max(cores, min(_MOST_A_CORE * cores, _all_memory() // memory))


def _all_memory() -> int:
    """Bytes that this machine has; 0 if it is not known."""
    with suppress(AttributeError, ValueError, OSError):  # as on Windows
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0

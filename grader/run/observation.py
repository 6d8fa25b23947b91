"""The seam between the runner and the observers: what goes in and what comes out.

Times are seconds on the system's monotonic clock, as `time.monotonic()` gives them; it is
one clock for all processes of a machine (clock_gettime(2), CLOCK_MONOTONIC).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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


class Launch(Struct, frozen=True):
    """How to start the program: `scratch` is a folder of this run alone. The run
    is over as soon as one of the signs in `stop_at` is seen.
    """

    argv: tuple[str, ...]
    cwd: Path
    env: Mapping[str, str]
    scratch: Path
    stop_at: tuple[Sign, ...] = ()


@dataclass
class Life:
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

"""Reading the numbers out of what processes printed."""

import re
from collections.abc import Iterable
from decimal import Decimal

from grader.trace import Process, Trace

_NUMBER = re.compile(r"(?:(?<![\w.)-])-)?\d+(?:\.\d+)?")  # no minus sign: 5-3, Process-3
_NOT_NUMBERS = re.compile(
    r"0[xX][0-9a-fA-F]+"  # an address, as in <function f at 0x7f...>
    r"|\d{4}-\d\d-\d\d"  # a date
    r"|\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?"  # a time of day
    r"|\b\w+\.py:\d+"  # a place in a file, as in warnings
)
_LOWEST_CLEAR_PID = 1000


def printed_numbers(
    trace: Trace, processes: Iterable[Process]
) -> dict[int, frozenset[Decimal]]:
    """The numbers that each of these processes printed, by PID.

    Addresses, dates and times are no numbers, and neither are PIDs and the process's own
    name. A container counts its PIDs from 1, so there a small number may be both: it is
    taken for a PID only if more than one process printed what happens to be its own.
    """
    found = {process.pid: _numbers(trace.text(process.pid), process) for process in processes}
    pids = {Decimal(process.pid) for process in trace.processes}
    pids |= {Decimal(process.parent) for process in trace.processes if process.parent}
    clear = {pid for pid in pids if pid >= _LOWEST_CLEAR_PID}
    printed_own = [pid for pid, numbers in found.items() if Decimal(pid) in numbers]
    own = set(printed_own) if len(printed_own) > 1 else set()
    return {
        pid: numbers - clear - ({Decimal(pid)} if pid in own else set())
        for pid, numbers in found.items()
    }


def _numbers(text: str, process: Process) -> frozenset[Decimal]:
    text = _NOT_NUMBERS.sub(" ", _without_name(text, process.name))
    return frozenset(Decimal(found) for found in _NUMBER.findall(text))


def _without_name(text: str, name: str) -> str:
    # A name that is nothing but a number was chosen to be printed as one.
    if not re.search(r"[^\W\d]", name):
        return text
    return re.sub(rf"(?<!\w){re.escape(name)}(?!\d)", " ", text)

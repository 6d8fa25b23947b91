"""Reading the numbers out of what processes printed."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from grader.checks.evidence import printed
from grader.trace import Process, Trace

_NUMBER = re.compile(r"(?:(?<![\w.)-])-)?\d+(?:\.\d+)?")  # no minus sign: 5-3, Process-3
_NOT_NUMBERS = re.compile(
    r"0[xX][0-9a-fA-F]+"  # an address, as in <function f at 0x7f...>
    r"|\d{4}-\d\d-\d\d"  # a date
    r"|\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?"  # a time of day
    r"|\b\w+\.py:\d+"  # a place in a file, as in warnings
)
_LOWEST_CLEAR_PID = 1000


class Printed(Struct, frozen=True):
    """What one process printed: its numbers, in order, and the text around them."""

    numbers: tuple[Decimal, ...]
    shape: str


def printed_numbers(trace: Trace, processes: Iterable[Process]) -> dict[int, Printed]:
    """What each of these processes printed, by PID.

    Addresses, dates and times are no numbers, and neither are PIDs and the process's own
    name. A container counts its PIDs from 1, so there a small number may be both: it is
    taken for a PID only if more than one process printed what happens to be its own.
    """
    texts = {p.pid: _NOT_NUMBERS.sub(" ", _without_name(printed(trace, p), p)) for p in processes}
    pids = {process.pid for process in trace.processes}
    pids |= {process.parent for process in trace.processes if process.parent}
    clear = {Decimal(pid) for pid in pids if pid >= _LOWEST_CLEAR_PID}
    printed_own = {Decimal(pid) for pid, text in texts.items() if Decimal(pid) in _numbers(text)}
    own = printed_own if len(printed_own) > 1 else set()
    return {
        pid: _printed(text, without=clear | (own & {Decimal(pid)})) for pid, text in texts.items()
    }


def own_numbers(texts: Mapping[int, Printed]) -> dict[int, frozenset[Decimal]]:
    """The numbers of each process that none of the others printed.

    Where all print the same line, none with the same numbers as another, and the numbers in
    one place of it all differ, those are theirs: in "process 1 prints 2" and "process 2 prints
    3" nobody sees a 2 twice.
    """
    own = {
        pid: frozenset(one.numbers).difference(
            *(other.numbers for other_pid, other in texts.items() if other_pid != pid)
        )
        for pid, one in texts.items()
    }
    shapes = {one.shape for one in texts.values()}
    sets = {frozenset(one.numbers) for one in texts.values()}
    if all(own.values()) or len(shapes) > 1 or "\n" in "".join(shapes) or len(sets) < len(texts):
        return own
    # A sentence leads up to its number: the last place first.
    for place in zip(*(reversed(one.numbers) for one in texts.values()), strict=False):
        if len(set(place)) == len(place):
            return {pid: frozenset([number]) for pid, number in zip(texts, place, strict=True)}
    return own


def _printed(text: str, without: set[Decimal]) -> Printed:
    found: list[Decimal] = []

    def take(match: re.Match[str]) -> str:
        number = Decimal(match[0])
        if number in without:
            return "PID"
        found.append(number)
        return "#"

    lines = _NUMBER.sub(take, text).strip().splitlines()
    shape = "\n".join(" ".join(line.split()) for line in lines)
    return Printed(tuple(found), shape)


def _numbers(text: str) -> set[Decimal]:
    return {Decimal(number) for number in _NUMBER.findall(text)}


def _without_name(text: str, process: Process) -> str:
    # A name that is nothing but a number was chosen to be printed as one.
    if not re.search(r"[^\W\d]", process.name):
        return text
    return re.sub(rf"(?<!\w){re.escape(process.name)}(?!\d)", " ", text)

"""Reading a trace: small questions that several checks ask."""

import signal
from collections.abc import Iterable, Sequence

from grader.trace import Process, Trace

_LONGEST = 200


def count(number: int, noun: str, plural: str = "") -> str:
    """`1 process`, `2 processes`, `no process`."""
    if number == 0:
        return f"no {noun}"
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def processes(number: int) -> str:
    """So many processes."""
    return count(number, "process", "processes")


def listed(items: Iterable[object]) -> str:
    """`a`, `a and b`, `a, b and c`; long lists are cut, and say so."""
    texts = [str(item) for item in items]
    most = 6
    if len(texts) > most:
        texts = [*texts[:most], f"{len(texts) - most} more"]
    if len(texts) <= 1:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} and {texts[-1]}"


def named(process: Process) -> str:
    """A process in a message."""
    return f"{process.name} (PID {process.pid})"


def pids(found: Sequence[Process]) -> str:
    """`PID 1` or `PIDs 1, 2 and 3`."""
    return ("PID " if len(found) == 1 else "PIDs ") + listed(process.pid for process in found)


def own_processes(trace: Trace) -> tuple[Process, ...]:
    """The processes started through Process objects that the program itself created."""
    return trace.of_kind("process")


def signal_name(number: int) -> str:
    """`SIGKILL` for 9."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def ending(exit_code: int) -> str:
    """How a process ended, as the end of a sentence."""
    if exit_code < 0:
        return f"was ended by {signal_name(-exit_code)}"
    return f"ended with exit code {exit_code}"


def error_of(process: Process) -> str | None:
    """The error that ended a process, with its place: `NameError: name 'x' is not defined
    (q6.py, line 3)`.
    """
    if process.error is None:
        return None
    text = " ".join(process.error.text.split())
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "..."
    place = f" ({process.error.file}, line {process.error.line})" if process.error.line else ""
    return text + place


def size(count: int) -> str:
    """A number of bytes as a person says it: `1 GiB`, `64 MiB`, `300 bytes`."""
    for unit, factor in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count} bytes"


def cut_short(trace: Trace) -> str | None:
    """Why the program came to its end before it could do all it was written to do."""
    if trace.stopped_by == "observer ended":
        return "The program was stopped before: it ended the process that observed it."
    if trace.went_too_far:
        return f"The program was stopped at its {trace.stopped_by} before."
    if trace.exit_code:
        how = error_of(trace.main) or ending(trace.exit_code)
        return f"The program came to its end before: {how}."
    return None


def printed(trace: Trace, process: Process) -> str:
    """What a process printed: on both streams, unless Python wrote of its last error on one."""
    return trace.text(process.pid, "stdout" if process.error else None)


def failed_by_itself(process: Process) -> bool:
    """Whether a process ended otherwise than it should have. What a command's exit code means
    is for the program to say, once it has collected it: grep gives 1 where it finds nothing.
    """
    if process.kind == "helper" or (process.kind == "program" and process.waited != "never"):
        return False
    return bool(process.exit_code) and not (process.terminated or process.killed)

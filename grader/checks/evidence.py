"""Reading a trace: small questions that several checks ask."""

import re
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


_ERROR = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit|Warning|Iteration)\b")
_LOCATION = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')


def last_error(trace: Trace, pid: int) -> str | None:
    """The last error that a process wrote to stderr, with the line of the program that it
    comes from: `NameError: name 'x' is not defined (q6.py, line 3)`.
    """
    error = place = location = ""
    lines = trace.text(pid, "stderr").splitlines()
    for number, line in enumerate(lines):
        if found := _LOCATION.match(line):
            file = found["file"].replace("\\", "/").rpartition("/")[2]
            if file == trace.main.name:
                location = f" ({file}, line {found['line']})"
        elif line.startswith("Traceback"):
            location = ""
        elif _ERROR.match(line):
            # Some errors begin their text on the next line.
            more = lines[number + 1].strip() if number + 1 < len(lines) else ""
            error = f"{line} {more}" if line.rstrip().endswith(":") else line
            place = location
    if not error:
        return None
    error = " ".join(error.split())
    return (error if len(error) <= _LONGEST else error[:_LONGEST] + "...") + place


_TRACEBACK = re.compile(
    r"^(?:Process .+:\n)?Traceback \(most recent call last\):\n(?:[ \t].*\n)+.*\n?", re.MULTILINE
)


def printed(trace: Trace, process: Process) -> str:
    """What a process printed on both streams, without the tracebacks that Python added."""
    return _TRACEBACK.sub("", trace.text(process.pid))


def failed_by_itself(process: Process) -> bool:
    """Whether a process ended otherwise than it should have."""
    return bool(process.exit_code) and not (process.terminated or process.killed)

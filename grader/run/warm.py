"""What begins warm: a fork of a process that has its imports done, which then looks like an
interpreter that was started just now.

Before the fork there is no thread, no event loop and no socket, and nothing of any run: each
begins as pristine as a new process.
"""

import io
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from types import ModuleType

_FIRST_FREE = 3
"""The lowest descriptor that is no standard stream."""

_held: dict[str, ModuleType] = {}


def hold_ours() -> None:
    """Keep what the kit itself has imported, which will not be found any more. To take it apart
    in each fork would take longer than all else there.
    """
    ours = {name for name in sys.modules if name.partition(".")[0] == "grader"}
    _held.update((name, sys.modules[name]) for name in ours)


def look_new(
    argv: list[str], original: list[str], env: Mapping[str, str], cwd: str, streams: Sequence[int]
) -> None:
    """Have what a new process is given, and nothing else: these arguments, of the program's own
    and of the command that would have started it, this environment, folder, stdout and stderr.
    """
    for name in _held:
        del sys.modules[name]
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    null = os.open(os.devnull, os.O_RDONLY)
    for target, descriptor in enumerate((null, *streams)):
        os.dup2(descriptor, target)
    os.closerange(_FIRST_FREE, max(map(int, os.listdir("/proc/self/fd"))) + 1)
    os.chdir(cwd)
    for name in os.environ.keys() - env.keys():
        del os.environ[name]
    for name, value in env.items():
        if os.environ.get(name) != value:
            os.environ[name] = value
    time.tzset()
    sys.argv = argv
    sys.orig_argv[:] = original
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        stream = _stream(number, f"<{name}>", mode, getattr(sys, name).errors)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)


def _stream(number: int, name: str, mode: str, errors: str) -> io.TextIOWrapper:
    """A standard stream, as create_stdio() in CPython's Python/pylifecycle.c makes it."""
    binary = open(number, f"{mode}b", closefd=False)  # noqa: SIM115  # for the process's life
    binary.raw.name = name  # type: ignore[attr-defined]
    stream = io.TextIOWrapper(
        binary, encoding="utf-8", errors=errors, newline="\n", line_buffering=number == 2
    )
    stream.mode = mode  # type: ignore[misc]
    return stream

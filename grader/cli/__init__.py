"""The `grade` command: it parses, calls, prints, and says how it went by its exit code."""

import atexit
import errno
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import CodeType, FrameType, TracebackType

from grader.cli.streams import complain, nowhere, tell

PASSED, FAILED, USAGE, BROKEN = 0, 1, 2, 3
INTERRUPTED = 128 + signal.SIGINT


def command() -> None:
    """The `grade` command as a process of its own, which ends with main()'s exit code."""
    codes: list[int] = []
    # Any Python that this one starts to help it is started with -c, which would look for modules
    # in the current folder first: there a learner's socket.py may lie (-P).
    os.environ["PYTHONSAFEPATH"] = "1"
    if not atexit._ncallbacks():  # what is registered first is called last
        atexit.register(_end_at_once, codes)
    codes.append(main())
    sys.exit(codes[0])


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code.

    0: everything asked for passed. 1: something failed or is absent. 2: it was used
    wrongly, or had nowhere to write to, and one line says how. 3: the kit itself failed.
    """
    _on_interrupt(_leave)
    if sys.stderr is None:  # closed, as by 2>&-
        sys.stderr = nowhere()
    if sys.stdout is None:
        return _unwritable("standard output is closed")
    arguments = sys.argv[1:] if arguments is None else arguments
    gc.disable()  # until all is imported, none of which is to be thrown away
    _prepare(arguments)
    # Not above: this takes a while, in which somebody may well press Ctrl-C.
    from grader.run.imports import import_msgspec

    import_msgspec()
    import click

    from grader.cli.commands import cli
    from grader.load import NotAProgramError

    gc.freeze()
    gc.enable()
    _on_interrupt(_interrupt)
    sys.unraisablehook = _interrupt_again
    try:
        code = cli.main(args=arguments, prog_name="grade", standalone_mode=False)
    except click.ClickException as error:
        complain(error.format_message())
        return USAGE
    except NotAProgramError as error:
        complain(str(error))
        return USAGE
    except (click.Abort, KeyboardInterrupt):  # click has ended the line that ^C stands on
        complain(_INTERRUPTED)
        return INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            complain(f"{error.strerror}: {_shortened(str(error.filename))}")
            return USAGE
        if isinstance(error, OSError) and _came_of(click.echo.__code__, error):
            sys.stdout = nowhere()  # Python flushes it at its end, and would fail once more
            return _unwritable(error.strerror or str(error))
        complain(f"the kit itself failed: {_described(error)}")
        return BROKEN
    return code if isinstance(code, int) else PASSED


def _end_at_once(codes: list[int]) -> None:
    """End before Python takes apart, piece by piece, what ends with the process anyway: that takes
    as long as to mark and to show. All that anybody asked to be called at the end has been.
    """
    if codes:
        with suppress(OSError, ValueError):  # Python itself will say what is wrong
            for stream in filter(None, (sys.stdout, sys.stderr)):
                stream.flush()
            os._exit(codes[0])


def _prepare(arguments: Sequence[str]) -> None:
    """Have the process made that runs begin from while we import what takes as long."""
    without = {"--help", "--version", "portable", "--observer=portable"}
    of_a_class = {"batch", "export", "mark", "report"}  # whose runs, if any, begin elsewhere
    is_alone = not of_a_class & {*arguments[:1]}
    if sys.platform == "linux" and is_alone and not without & {*arguments}:
        from grader.run import keepers

        notebook = any(argument.endswith(".ipynb") for argument in arguments)
        sandboxed = not {"off", "--sandbox=off"} & {*arguments}
        keepers.prepare("kernels" if notebook else "programs", sandboxed=sandboxed)


_POLITE = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

_SHOWN = 60

_INTERRUPTED = "interrupted; every process it started is gone."


def _on_interrupt(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in _POLITE:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, handler)


def _leave(_number: int, _frame: FrameType | None) -> None:
    # At once: there is next to nothing to clean up, and an import may swallow an exception.
    tell(f"\ngrade: {_INTERRUPTED}\n")
    os._exit(INTERRUPTED)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second one would interrupt the cleaning up.
    for number in _POLITE:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _interrupt_again(unheard: "sys.UnraisableHookArgs") -> None:
    """An interruption came where Python drops every exception, as in what it calls when an
    object goes. It comes again, and as a signal, which ends whatever is waited for.
    """
    if unheard.exc_type is not KeyboardInterrupt or sys.platform == "win32":
        sys.__unraisablehook__(unheard)
        return
    signal.signal(signal.SIGALRM, _interrupt)
    signal.setitimer(signal.ITIMER_REAL, _SOON)


_SOON = 0.05
"""Seconds; at once would be in the same place again."""


def _unwritable(why: str) -> int:
    complain(
        f"the report could not be written: {why}. Send standard output where it can be, as in: "
        "grade q6 > report.txt"
    )
    return USAGE


def _shortened(name: str) -> str:
    """The beginning of a name that is too long, which is enough to recognise it."""
    return f"{name[:_SHOWN]}... ({len(name):,} characters)"


def _described(error: Exception) -> str:
    """An error of ours with its place, so that it can be reported."""
    *_, place = _steps(error)
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
    return f"{type(error).__name__}: {error} ({where}). Please report this line."


def _came_of(code: CodeType, error: Exception) -> bool:
    """Whether an error was raised while this function ran, or one that it called."""
    return any(step.tb_frame.f_code is code for step in _steps(error))


def _steps(error: Exception) -> Iterator[TracebackType]:
    step = error.__traceback__
    while step is not None:
        yield step
        step = step.tb_next

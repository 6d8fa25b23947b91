"""Programs that begin warm: see warm.py. Which may is told by telling.py."""

import _frozen_importlib_external as importlib_external
import atexit
import gc
import importlib
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import Any, NoReturn

from grader.run.warm import hold_ours, look_new

_IMPORTED = (
    "multiprocessing.pool",
    "multiprocessing.popen_fork",
    "multiprocessing.queues",
    "multiprocessing.synchronize",
    "random",
    "grader_probe.pools",
    "grader_probe.processes",
    "grader_probe.resources",
)
_FLUSH_FAILED = 120
"""Python's exit code then (its documentation, `sys.exit()`)."""


def preload() -> None:
    """Import what most programs do, and Python for them, under the eyes of the probe."""
    probe: Any = importlib.import_module("grader_probe")
    probe.watch()
    for name in _IMPORTED:
        importlib.import_module(name)
    hold_ours()


def become(
    command: Sequence[str], env: Mapping[str, str], cwd: str, streams: Sequence[int]
) -> NoReturn:
    """In the child: be the program that this command would start, and end with it."""
    look_new([*command[1:]], [*command], env, cwd, streams)
    gc.freeze()  # nothing that is here by now is the program's garbage
    file = os.path.abspath(command[1])
    added = [place for place in env["PYTHONPATH"].split(os.pathsep)[1:] if place]  # by the kit
    sys.path[:0] = [os.path.dirname(os.path.realpath(file)), *added]
    main = _new_main(file)
    sys.modules["__main__"] = sys.modules["__mp_main__"] = main
    process: Any = sys.modules["multiprocessing.process"]
    process.ORIGINAL_DIR = os.getcwd()
    process._current_process = type(process._current_process)()  # which has a secret of its own
    probe: Any = sys.modules["grader_probe"]
    probe.begin()
    _end(_run(file, main), vars(main))


def _new_main(file: str) -> ModuleType:
    """The module of a program, as Python makes it (pymain_run_file() in its Modules/main.c)."""
    main = ModuleType("__main__")
    vars(main).update(
        __annotations__={},
        __builtins__=sys.modules["builtins"],
        __cached__=None,
        __file__=file,
        __loader__=importlib_external.SourceFileLoader("__main__", file),
    )
    return main


def _run(file: str, main: ModuleType) -> int:
    """Run the program's own code. Its exit code, or minus the signal that is to end it."""
    try:
        with open(file, "rb") as source:
            code = compile(source.read(), file, "exec", dont_inherit=True)
        sys.setrecursionlimit(sys.getrecursionlimit() + _depth())
        exec(code, vars(main))  # noqa: S102  # it is what is to be run
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        _show(error)
        return -signal.SIGINT if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _depth() -> int:
    """How much of what a program may recurse is taken by what is below it, here alone."""
    depth = 1 if sys.version_info >= (3, 12) else 3  # before, exec() counts too
    frame = sys._getframe(1)
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    return depth


def _exit_code(error: SystemExit) -> int:
    """What an exit means, of which a text is shown (handle_system_exit() in CPython's
    Python/pythonrun.c).
    """
    if error.code is None or isinstance(error.code, int):
        return (error.code or 0) & 0xFF
    if sys.stderr is not None:
        sys.stderr.write(f"{error.code}\n")
    return 1


def _show(error: BaseException) -> None:
    """Print what ended the program, without the frame that stands below its own."""
    traceback = error.__traceback__
    error.__traceback__ = traceback and traceback.tb_next
    sys.last_type, sys.last_value = type(error), error
    sys.last_traceback = error.__traceback__
    sys.excepthook(type(error), error, error.__traceback__)


def _end(code: int, own: dict[str, object]) -> NoReturn:
    """End as Py_FinalizeEx() in CPython's Python/pylifecycle.c does, of which a program that is
    not telling sees no more than this: its threads and exit handlers come to their end, its
    objects go, and what it wrote is written.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    flushed = _flush()
    sys.last_type = sys.last_value = sys.last_traceback = None
    for name in own:
        own[name] = None
    gc.collect()
    flushed = _flush() and flushed
    if code == -signal.SIGINT:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(code if flushed else _FLUSH_FAILED)


def _flush() -> bool:
    """Whether all is written that the program printed."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True

"""Programs that begin warm: see warm.py. Which may is told by telling.py."""

import _frozen_importlib_external as importlib_external
import atexit
import gc
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
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
    thread: Any = threading.main_thread()
    thread._set_native_id()  # which Python 3.11 leaves as it was before a fork
    probe: Any = sys.modules["grader_probe"]
    probe.begin()
    _end(_run(file, main), vars(main))


def _new_main(file: str) -> ModuleType:
    """The module of a program, as Python makes it (pymain_run_file() in its Modules/main.c)."""
    main = ModuleType("__main__")
    vars(main).update(
        __annotations__={},
        __builtins__=sys.modules["builtins"],
        __file__=file,
        __cached__=None,
        __loader__=importlib_external.SourceFileLoader("__main__", file),
    )
    return main


def _run(file: str, main: ModuleType) -> int:
    """Run the program's own code. Its exit code, or minus the signal that is to end it."""
    try:
        with open(file, "rb") as source:
            sys.setrecursionlimit(sys.getrecursionlimit() + _depth())
            code = compile(source.read(), file, "exec", dont_inherit=True)
        exec(code, vars(main))  # noqa: S102  # it is what is to be run
    except SystemExit as error:
        return _exit_code(error)
    except BaseException as error:
        _show(error)
        return -signal.SIGINT if type(error) is KeyboardInterrupt else 1
    return 0


def _depth() -> int:
    """How many calls stand below the program that would not stand there: those of Python and,
    as was measured on 3.11, two of exec(); since 3.12 calls of C have a limit of their own
    (its documentation, sys.setrecursionlimit()).
    """
    depth, frame = 0, sys._getframe().f_back
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    return depth + 2 * (sys.version_info < (3, 12))


def _exit_code(error: SystemExit) -> int:
    """What an exit means, of which a text is shown (handle_system_exit() in CPython's
    Python/pythonrun.c).
    """
    code: object = error
    with suppress(Exception):
        code = error.code
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF if -(1 << 63) <= code < 1 << 63 else 0xFF  # what a C long holds
    for part in (code, "\n"):
        with suppress(Exception):  # of its own __str__(), too
            sys.stderr.write(str(part))
    return 1


def _show(error: BaseException) -> None:
    """Print what ended the program, without the frame that stands below its own."""
    error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
    # As Python does, with which its frames, and a pool in one, go after the exit handlers only.
    sys.last_type, sys.last_value = type(error), error
    sys.last_traceback = error.__traceback__
    sys.excepthook(type(error), error, error.__traceback__)


def _end(code: int, namespace: dict[str, Any]) -> NoReturn:
    """End as Py_FinalizeEx() in CPython's Python/pylifecycle.c does, of which a program that is
    not telling sees no more than this: its threads and exit handlers come to their end, its
    objects go, and what it wrote is written.
    """
    try:
        threading._shutdown()  # type: ignore[attr-defined]
    except BaseException as error:  # of a signal handler
        error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
        _show_ignored(threading, error)
    atexit._run_exitfuncs()
    flushed = _flush()
    sys.last_type = sys.last_value = sys.last_traceback = None
    if threading.active_count() == 1:  # what a thread still holds is lost in Python, too
        _forget(namespace)
    gc.collect()
    flushed = _flush() and flushed
    if code == -signal.SIGINT:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(code if flushed else _FLUSH_FAILED)


def _forget(namespace: dict[str, Any]) -> None:
    """Let go of a program's objects one by one (_PyModule_ClearDict() in CPython's
    Objects/moduleobject.c): a file that goes together with its buffer loses what that holds.
    """
    names = [name for name in namespace if name != "__builtins__"]
    for name in sorted(names, key=lambda name: not name.startswith("_")):
        namespace[name] = None


def _show_ignored(where: object, error: BaseException) -> None:
    """Say what nobody could catch any more, as PyErr_WriteUnraisable() does."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"Exception ignored in: {where!r}\n")
        sys.stderr.write("".join(traceback.format_exception(error)))


def _flush() -> bool:
    """Whether all is written that the program printed."""
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:
                stream.flush()
    except (OSError, ValueError):
        return False
    return True

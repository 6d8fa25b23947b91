"""Kernels that begin warm: forked from a process that has its imports done.

Before the fork there is no thread, no socket of ZeroMQ's and no event loop, so each kernel
begins as pristine as a new process.
"""

import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

_FIRST_FREE = 3
"""The lowest descriptor that is no standard stream."""


_IMPORTED = (
    "IPython.core.completerlib",
    "IPython.core.history",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "email.parser",
    "ipykernel.displayhook",
    "ipykernel.heartbeat",
    "ipykernel.iostream",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "mimetypes",
    "pydoc",
    "sqlite3",
    "tornado.platform.asyncio",
    "zmq.eventloop.zmqstream",
)


def preload() -> None:
    """Import what a kernel needs."""
    # Without the debugger, which is half of a kernel's start.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in _IMPORTED:
        importlib.import_module(name)


def arguments(command: Sequence[str]) -> list[str]:
    """Those that a kernel is told in the command that starts one."""
    return list(command[command.index("-f") :])


def become(argv: list[str], env: Mapping[str, str], cwd: str, streams: list[int]) -> NoReturn:
    """In the child: be a kernel with these arguments, and end with it."""
    code = 1
    try:
        _prepare(argv, env, cwd, streams)
        from ipykernel.kernelapp import IPKernelApp

        app = IPKernelApp.instance()
        app.initialize(sys.argv[1:])
        app.start()
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _prepare(argv: list[str], env: Mapping[str, str], cwd: str, streams: list[int]) -> None:
    """Look like an interpreter that was started with this environment just now."""
    import tempfile
    import time

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    null = os.open(os.devnull, os.O_RDONLY)
    for target, descriptor in enumerate((null, *streams)):
        os.dup2(descriptor, target)
    os.closerange(_FIRST_FREE, max(map(int, os.listdir("/proc/self/fd"))) + 1)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    tempfile.tempdir = None
    sys.argv = ["ipykernel_launcher", *argv]
    sys.orig_argv[:] = [sys.executable, "-m", *sys.argv]
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = open(  # noqa: SIM115  # for the life of the process
            number,
            mode,
            encoding="utf-8",
            errors=getattr(sys, name).errors,
            closefd=False,
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    # What `site` does at the start of an interpreter.
    sys.path[:0] = [entry for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise

"""Kernels that begin warm: see warm.py."""

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from grader.run.warm import hold_ours, look_new

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
    hold_ours()


def become(
    command: Sequence[str], env: Mapping[str, str], cwd: str, streams: Sequence[int]
) -> NoReturn:
    """In the child: be the kernel that this command would start, and end with it."""
    code = 1
    try:
        _prepare(command[command.index("-f") :], env, cwd, streams)
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


def _prepare(
    told: Sequence[str], env: Mapping[str, str], cwd: str, streams: Sequence[int]
) -> None:
    """Look like an interpreter that was started with this environment just now."""
    import tempfile

    argv = ["ipykernel_launcher", *told]
    look_new(argv, [sys.executable, "-m", *argv], env, cwd, streams)
    tempfile.tempdir = None
    # What `site` does at the start of an interpreter.
    sys.path[:0] = [entry for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.modules.pop("sitecustomize", None)
    try:
        import sitecustomize  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "sitecustomize":
            raise

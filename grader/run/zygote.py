"""A process that has imported what a Jupyter kernel needs, and forks one for each request.

Run as `python zygote.py FD`, FD being a connected AF_UNIX SOCK_SEQPACKET socket. A request
is JSON of `argv` (the arguments of ipykernel_launcher), `env` and `cwd`, with the kernel's
stdout and stderr as descriptors beside it (unix(7), SCM_RIGHTS); the answer is the kernel's
PID. A kernel is forked twice, so that the nearest subreaper inherits it and can wait for it
(prctl(2), PR_SET_CHILD_SUBREAPER). Before the fork there is no thread, no socket of ZeroMQ's
and no event loop, so each kernel begins as pristine as a new process.
"""

import gc
import importlib
import json
import os
import signal
import socket
import sys

_LONGEST_REQUEST = 1 << 18
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


def _preload() -> None:
    # Without the debugger, which is half of a kernel's start.
    sys.modules["debugpy"] = None  # type: ignore[assignment]
    importlib.import_module("ipykernel.debugger")
    del sys.modules["debugpy"]
    for name in _IMPORTED:
        importlib.import_module(name)


def serve(requests: socket.socket) -> None:
    """Fork a kernel for each request, until the other end closes."""
    _preload()
    gc.collect()
    gc.freeze()  # so that the collector does not touch, and thereby copy, what is shared
    requests.send(b"ready")
    while True:
        data, streams, _flags, _address = socket.recv_fds(requests, _LONGEST_REQUEST, 2)
        if not data:
            return
        reader, writer = os.pipe()
        middle = os.fork()
        if not middle:
            kernel = os.fork()
            if kernel:
                os.write(writer, str(kernel).encode())
                os._exit(0)
            _become(json.loads(data), streams)
        os.close(writer)
        answer = os.read(reader, 64)
        os.close(reader)
        os.waitpid(middle, 0)
        for stream in streams:
            os.close(stream)
        requests.send(answer)


def _become(request: dict[str, object], streams: list[int]) -> None:
    """In the child: be a kernel, and end with it."""
    code = 1
    try:
        _prepare(request, streams)
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


def _prepare(request: dict[str, object], streams: list[int]) -> None:
    """Look like an interpreter that was started with this environment just now."""
    import tempfile
    import time

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    null = os.open(os.devnull, os.O_RDONLY)
    for target, descriptor in enumerate((null, *streams)):
        os.dup2(descriptor, target)
    os.closerange(_FIRST_FREE, max(map(int, os.listdir("/proc/self/fd"))) + 1)
    env, argv = request["env"], request["argv"]
    assert isinstance(env, dict)
    assert isinstance(argv, list)
    os.chdir(str(request["cwd"]))
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


if __name__ == "__main__":
    sys.path[:] = [entry for entry in sys.path if entry != os.path.dirname(__file__)]
    serve(socket.socket(fileno=int(sys.argv[1])))

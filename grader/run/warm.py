"""Kernels that begin warm: forked from a process that has its imports done."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from grader.run.observation import Launch, Root

_ZYGOTE = Path(__file__).with_name("zygote.py")
_PATIENCE = 60.0

_lock = threading.Lock()


def is_available() -> bool:
    """Whether this system can hand descriptors to another process and fork it there."""
    return sys.platform == "linux"


class Zygote:
    """The process that kernels are forked from, started when the first one is wanted."""

    def __init__(self, env: Mapping[str, str]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, str(_ZYGOTE), str(theirs.fileno())],
                env=env,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this one
            )
        self._requests = ours
        ours.settimeout(_PATIENCE)
        try:
            started = ours.recv(64) == b"ready"
        except BaseException:
            self.close()
            raise
        if not started:
            self.close()
            raise OSError("the process that kernels are forked from did not start")

    def fork(self, launch: Launch, env: Mapping[str, str], stdout: int, stderr: int) -> Root:
        """Start the kernel of `launch`. Who calls must be a subreaper, to inherit it."""
        argv = launch.argv[launch.argv.index("-f") :]
        request = {"argv": argv, "env": dict(env), "cwd": str(launch.cwd)}
        socket.send_fds(self._requests, [json.dumps(request).encode()], [stdout, stderr])
        try:
            answer = self._requests.recv(64)
        except BaseException:
            self.close()  # a late answer would be taken for that to the next request
            raise
        if not answer:
            raise OSError("the process that kernels are forked from has ended")
        return _Adopted(int(answer))

    @property
    def is_alive(self) -> bool:
        """Whether kernels can still be forked from it."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it. Kernels that it forked go on."""
        self._requests.close()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


class _Adopted:
    """A process that is a child of ours by inheritance."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None

    def wait(self) -> int:
        if self._exit_code is None:
            self._exit_code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._exit_code


_zygotes: dict[int, Zygote] = {}
"""By the process that they are for: a fork must not share its parent's."""


def zygote(env: Mapping[str, str]) -> Zygote:
    """The one of this process, started at the first call; one that has died is replaced."""
    own = os.getpid()
    with _lock:
        if own in _zygotes and not _zygotes[own].is_alive:
            _zygotes.pop(own).close()
        if own not in _zygotes:
            _zygotes[own] = Zygote(env)
        return _zygotes[own]


def close() -> None:
    """End the zygote of this process, if there is one."""
    with _lock:
        if os.getpid() in _zygotes:
            _zygotes.pop(os.getpid()).close()


atexit.register(close)

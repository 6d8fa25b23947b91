"""Processes that are started with what is in memory already: to import subprocess takes as long
as to start one.
"""

import os
import signal
import time
from collections.abc import Collection, Mapping
from contextlib import suppress

_TICK = 0.001


class Child:
    """A process that this one has forked."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None

    def wait(self) -> int:
        """Reap it and give its exit code, as subprocess.Popen.wait() does."""
        if self._exit_code is None:
            self._exit_code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._exit_code

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        if self._exit_code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # a fork of this process has no such child
                pid, status = self.pid, 0
            if pid:
                self._exit_code = os.waitstatus_to_exitcode(status)
        return self._exit_code is None

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end for so long, and say whether it has come."""
        deadline = time.monotonic() + seconds
        while self.is_running and time.monotonic() < deadline:
            time.sleep(_TICK)
        return not self.is_running

    def kill(self) -> None:
        """End it, if it has not ended."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait()


def spawn(
    command: list[str],
    env: Mapping[str, str],
    stdout: int,
    stderr: int,
    kept: Collection[int] = (),
) -> Child:
    """Start a process in a session of its own and with an empty input. It has these descriptors
    besides, and those that this process was itself started with; glibc leaves it ignoring the
    two signals that it keeps for itself (its spawni.c). Raises OSError.
    """
    for fd in kept:
        os.set_inheritable(fd, True)
    pid = os.posix_spawnp(
        command[0],
        command,
        env,
        file_actions=(
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_DUP2, stdout, 1),
            (os.POSIX_SPAWN_DUP2, stderr, 2),
        ),
        setsid=True,
        setsigdef=(signal.SIGPIPE, signal.SIGXFSZ),  # which Python ignores
    )
    return Child(pid)

"""The keepers of this process: processes that have their imports done, and begin runs when
they are asked to (keeper.py). One in a sandbox gives each run a sandbox, another does without.
"""

import atexit
import os
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import Literal

from grader.run import sandbox, wire

Kind = Literal["programs", "kernels"]
"""What is run: programs of their own, or kernels, which have their imports done."""

_KEEPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keeper.py")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
"""What a kernel that is forked must not find otherwise than one that is started."""
_PATIENCE = 60.0
"""Seconds for a run to begin."""
_END = 5.0
"""Seconds for a keeper to end once it is not wanted any more."""


class UnavailableError(Exception):
    """There is no sandbox to be had here; says why, and what can be done."""


class Keeper:
    """A keeper. `shared`, where it runs kernels in a sandbox, is a folder that its runs and
    whoever grades both see.
    """

    def __init__(self, kind: Kind, *, sandboxed: bool) -> None:
        if sandboxed and sys.platform != "linux":
            raise UnavailableError("it needs Linux")
        self.shared = _shared_folder() if sandboxed and kind == "kernels" else ""
        self._said = open(os.memfd_create("said"), "r+b")  # noqa: SIM115  # until it is closed
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, _KEEPER, str(theirs.fileno()), kind]
        files: dict[str, int] = {}
        if sandboxed:
            files = sandbox.open_files()
            visible = sandbox.visible_paths()
            around = ["bwrap", *sandbox.file_system(visible, files, self.shared)]
            if keys := sandbox.open_filter():
                files["its filter"] = keys
                around += ["--seccomp", str(keys)]
            command = [*around, *command, *visible, "--", *sandbox.hidden_paths(visible)]
        try:
            self._process = subprocess.Popen(
                command,
                env=_ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath)},
                pass_fds=[theirs.fileno(), *files.values()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                start_new_session=True,  # Ctrl-C is for the grader, which then ends this one
            )
        except OSError as error:
            ours.close()
            self._tidy_up()
            if isinstance(error, (FileNotFoundError, PermissionError)):
                raise UnavailableError(
                    "bubblewrap is not installed (on Debian and Ubuntu: apt install bubblewrap)"
                ) from error
            raise
        finally:
            for fd in files.values():
                os.close(fd)
            theirs.close()
        self._requests = ours

    def begin(self) -> tuple[socket.socket, int]:
        """The line to a new run, and the PID of its guard. Raises UnavailableError."""
        ours, theirs = socket.socketpair()
        try:
            ours.settimeout(_PATIENCE)
            with theirs:
                socket.send_fds(self._requests, [b"!"], [theirs.fileno()])
            kind, payload = wire.receive(ours)
        except (OSError, EOFError) as error:
            ours.close()
            why = self._last_words() or str(error) or "bubblewrap has ended without a word"
            raise UnavailableError(why) from error
        if kind != wire.READY:
            ours.close()
            raise UnavailableError(payload.decode(errors="replace"))
        return ours, int(payload)

    def _last_words(self) -> str:
        """What bubblewrap or Python said when it failed."""
        self._hang_up()
        try:
            self._process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            return f"it did not start within {_PATIENCE:.0f} s"
        self._said.seek(0)
        return self._said.read().decode(errors="replace").strip().rpartition("\n")[2]

    @property
    def is_alive(self) -> bool:
        """Whether runs can still begin: it runs, and nobody has tidied its folder away."""
        is_whole = not self.shared or os.path.isdir(self.shared)
        return is_whole and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its PID."""
        return self._process.pid

    def sweep(self) -> set[int]:
        """Kill all that it, or a run of its, has left running."""
        from grader.run import proc

        return proc.kill_below(self.pid, time.monotonic() + _PATIENCE)

    def close(self) -> None:
        """End it, and all runs."""
        self._hang_up()
        try:
            self._process.wait(timeout=_END)
        except subprocess.TimeoutExpired:  # a program without a sandbox can have stopped it
            self._process.kill()
            self._process.wait()
        self._tidy_up()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._requests.shutdown(socket.SHUT_RDWR)  # a fork of this process may have it too
        self._requests.close()

    def _tidy_up(self) -> None:
        self._said.close()
        if self.shared:
            from grader.run import scratch

            scratch.remove(self.shared)


def _shared_folder() -> str:
    from grader.run import scratch  # which programs do not need before they run

    return str(scratch.new_folder())


class _Here:
    """What one process has of keepers. A fork must not share its parent's."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.keepers: dict[tuple[Kind, bool], Keeper] = {}
        self.has_worked = False
        self.missing: dict[Kind, str] = {}
        """Why there is no sandbox for these."""

    def keeper(self, kind: Kind, *, sandboxed: bool) -> Keeper:
        """The one that is asked for, which may still be starting; one that has died is replaced.

        Raises UnavailableError.
        """
        key = (kind, sandboxed)
        if key in self.keepers and not self.keepers[key].is_alive:
            self.keepers.pop(key).close()
        if key not in self.keepers:
            self.keepers[key] = Keeper(kind, sandboxed=sandboxed)
        return self.keepers[key]

    def begin(self, kind: Kind, *, sandboxed: bool) -> tuple[socket.socket, int, Keeper]:
        """See the function of this name."""
        if sandboxed and kind in self.missing:
            raise UnavailableError(self.missing[kind])
        for is_last in (False, True):
            try:
                keeper = self.keeper(kind, sandboxed=sandboxed)
                line, guard = keeper.begin()
                break
            except UnavailableError as error:
                if not is_last:
                    continue  # the system may have been short of something for a moment
                if not sandboxed or self.has_worked:
                    raise OSError(f"no run can begin any more: {error}") from error
                self.missing[kind] = str(error)
                raise
        self.has_worked = self.has_worked or sandboxed
        return line, guard, keeper


_lock = threading.Lock()
_here = _Here()


def _of_this_process() -> _Here:
    global _here  # noqa: PLW0603  # one a process
    if _here.pid != os.getpid():
        _here = _Here()
    return _here


def prepare(kind: Kind, *, sandboxed: bool) -> None:
    """Have a keeper start while others do something else. Who begins a run is told what failed."""
    with _lock, suppress(UnavailableError, OSError):
        _of_this_process().keeper(kind, sandboxed=sandboxed)


def begin(kind: Kind, *, sandboxed: bool) -> tuple[socket.socket, int, Keeper]:
    """The line to a new run, its guard, and the keeper that it comes from.

    Raises UnavailableError where there is no sandbox, and OSError where there were some before:
    the system is short of something then, and nobody should go without unasked.
    """
    with _lock:
        return _of_this_process().begin(kind, sandboxed=sandboxed)


def close() -> None:
    """End the keepers of this process."""
    with _lock:
        if _here.pid == os.getpid():
            while _here.keepers:
                _here.keepers.popitem()[1].close()


atexit.register(close)

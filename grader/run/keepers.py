"""The keepers of this process: processes that have done what a run begins with, and begin runs
when they are asked to (keeper.py). One in a sandbox gives each run a sandbox, another does
without.
"""

import atexit
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import find_spec

from grader.run import sandbox, wire
from grader.run.spawned import spawn

TYPE_CHECKING = False  # to import typing takes long, and a keeper is to start at once
if TYPE_CHECKING:
    from typing import Literal

    Kind = Literal["programs", "kernels"]
    """What is run."""

_KEEPER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keeper.py")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
"""What a kernel that begins warm must not find otherwise than one that is started."""
_PATIENCE = 60.0
"""Seconds for a run to begin."""
_END = 5.0
"""Seconds for a keeper to end once it is not wanted any more."""
_MARK = 16
"""Bytes of what tells those that a keeper has forked from all others."""


class UnavailableError(Exception):
    """There is no sandbox to be had here; says why, and what can be done."""


class Keeper:
    """A keeper, which is asked for its first run at once, `warm` or not: that is made ready while
    others do something else. `shared`, where it runs kernels in a sandbox, is a folder that its
    runs and whoever grades both see.
    """

    def __init__(self, kind: "Kind", *, sandboxed: bool, warm: bool) -> None:
        if sandboxed and sys.platform != "linux":
            raise UnavailableError("it needs Linux")
        self._environment = _environment(kind, sandboxed=sandboxed)
        self._vitals = None if sandboxed else _vitals(0)
        self._mark = os.urandom(_MARK).hex()
        self.shared = _shared_folder() if sandboxed and kind == "kernels" else ""
        self._said = open(os.memfd_create("said"), "r+b")  # noqa: SIM115  # until it is closed
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        folders = dict.fromkeys(_folders_of("grader", "msgspec", "psutil"))
        # Without any options: what is forked of it begins as any Python does.
        command = [sys.executable, _KEEPER, *folders, "--", str(theirs.fileno()), kind]
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
            # In a session of its own: Ctrl-C is for the grader, which then ends this one.
            self._process = spawn(
                command,
                self._environment | {"GRADER_KEEPER": self._mark},
                self._said.fileno(),
                self._said.fileno(),
                [theirs.fileno(), *files.values()],
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
        self._first: socket.socket | None = None
        self._guard = 0
        with suppress(OSError):  # who begins the run is told
            self._first = self._ask(warm=warm)

    def _ask(self, *, warm: bool) -> socket.socket:
        """Ask for a run, and give the line to it. Raises OSError."""
        ours, theirs = socket.socketpair()
        ours.settimeout(_PATIENCE)
        try:
            with theirs:
                asked = wire.WARM if warm else wire.COLD
                socket.send_fds(self._requests, [asked], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
        return ours

    def begin(self, *, warm: bool) -> tuple[socket.socket, int]:
        """The line to a new run, and the PID of its guard. Raises UnavailableError."""
        line, self._first = self._first, None
        guard, self._guard = self._guard, 0
        if line is not None and guard:
            return line, guard
        try:
            line = line or self._ask(warm=warm)
            kind, payload = wire.receive(line)
        except (OSError, EOFError) as error:
            if line is not None:
                line.close()
            why = self._last_words() or str(error) or "bubblewrap has ended without a word"
            raise UnavailableError(why) from error
        if kind != wire.READY:
            line.close()
            raise UnavailableError(payload.decode(errors="replace"))
        return line, int(payload)

    def put_back(self, line: socket.socket, guard: int) -> None:
        """Have a run that has begun, and was asked for nothing yet, be the next one."""
        self._first, self._guard = line, guard

    def _last_words(self) -> str:
        """What bubblewrap or Python said when it failed."""
        self.hang_up()
        if not self._process.ends_within(_PATIENCE):
            return f"it did not start within {_PATIENCE:.0f} s"
        self._said.seek(0)
        return self._said.read().decode(errors="replace").strip().rpartition("\n")[2]

    @property
    def is_alive(self) -> bool:
        """Whether runs can still begin: it runs, and nobody has tidied its folder away."""
        is_whole = not self.shared or os.path.isdir(self.shared)
        return is_whole and self._process.is_running

    def fits(self, kind: "Kind", *, sandboxed: bool) -> bool:
        """Whether the next run can begin from it as the first one did: what this process tells
        its programs is the same, and none of them, where nothing keeps them from it, has stopped
        it or changed what the system gives it, and with it all that it forks.
        """
        if not self.is_alive or self._environment != _environment(kind, sandboxed=sandboxed):
            return False
        return self._vitals is None or self._vitals == _vitals(self.pid)

    @property
    def pid(self) -> int:
        """Its PID."""
        return self._process.pid

    def sweep(self, scratch: bytes) -> set[int]:
        """Kill all that it has left running, and the run that has this folder, wherever a
        program may have gone that has ended all of the kit above it.
        """
        from grader.run import proc

        words = (self._mark.encode(), scratch)

        def found() -> set[int]:
            return {*proc.descendants(self.pid), *proc.started_with(words)} - {self.pid}

        return proc.kill_found(found, time.monotonic() + _PATIENCE)

    def close(self) -> None:
        """End it, and all runs."""
        if self._first is not None:
            wire.hang_up(self._first)
            self._first.close()
        self.hang_up()
        if not self._process.ends_within(_END):  # a program without a sandbox can have stopped it
            self._process.kill()
        self._tidy_up()

    def hang_up(self) -> None:
        """Let it end as soon as no run of it goes on."""
        with suppress(OSError):
            self._requests.shutdown(socket.SHUT_RDWR)  # a fork of this process may have it too
        self._requests.close()

    def _tidy_up(self) -> None:
        self._said.close()
        if self.shared:
            from grader.run import scratch

            scratch.remove(self.shared)


def _environment(kind: "Kind", *, sandboxed: bool) -> dict[str, str]:
    """What a keeper is started with; one for programs with what all of them are told."""
    if kind == "kernels":
        return _ENVIRONMENT | {"PATH": os.environ.get("PATH", os.defpath)}
    from grader.run import environment

    return environment.of_any_run(os.environ, sandboxed=sandboxed)


def _vitals(pid: int) -> tuple[object, ...]:
    """What a process, 0 for this one, hands on to those that it forks and others can change:
    its limits, its cores, its priority and how it is scheduled. () for one that has been
    stopped, or has ended.
    """
    import resource

    if pid and _is_stopped(pid):
        return ()
    kinds = {value for name, value in vars(resource).items() if name.startswith("RLIMIT_")}
    try:
        return (
            *(resource.prlimit(pid, kind) for kind in sorted(kinds)),
            os.sched_getaffinity(pid),
            os.getpriority(os.PRIO_PROCESS, pid),
            os.sched_getscheduler(pid),
        )
    except ProcessLookupError:
        return ()


def _is_stopped(pid: int) -> bool:
    from grader.run import proc

    state = proc.stat(pid)
    return state is None or state.state in "Tt"


def _folders_of(*packages: str) -> Iterator[str]:
    """Where these are imported from."""
    for package in packages:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            yield os.path.dirname(os.path.dirname(os.path.abspath(spec.origin)))


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

    def keeper(self, kind: "Kind", *, sandboxed: bool, warm: bool) -> Keeper:
        """The one that is asked for, which may still be starting; one that has died is replaced.

        Raises UnavailableError.
        """
        key = (kind, sandboxed)
        if key in self.keepers and not self.keepers[key].fits(kind, sandboxed=sandboxed):
            self.keepers.pop(key).close()
        if key not in self.keepers:
            self.keepers[key] = Keeper(kind, sandboxed=sandboxed, warm=warm)
        return self.keepers[key]

    def begin(
        self, kind: "Kind", *, sandboxed: bool, warm: bool
    ) -> tuple[socket.socket, int, Keeper]:
        """See the function of this name."""
        if sandboxed and kind in self.missing:
            raise UnavailableError(self.missing[kind])
        for is_last in (False, True):
            try:
                keeper = self.keeper(kind, sandboxed=sandboxed, warm=warm)
                line, guard = keeper.begin(warm=warm)
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


def prepare(kind: "Kind", *, sandboxed: bool) -> None:
    """Have a keeper start while others do something else. Who begins a run is told what failed."""
    with _lock, suppress(UnavailableError, OSError):
        _of_this_process().keeper(kind, sandboxed=sandboxed, warm=True)


def begin(kind: "Kind", *, sandboxed: bool, warm: bool) -> tuple[socket.socket, int, Keeper]:
    """The line to a new run, its guard, and the keeper that it comes from.

    Raises UnavailableError where there is no sandbox, and OSError where there were some before:
    the system is short of something then, and nobody should go without unasked.
    """
    with _lock:
        return _of_this_process().begin(kind, sandboxed=sandboxed, warm=warm)


def require_sandbox() -> None:
    """Raises UnavailableError if there is no sandbox here; else a run is ready in one."""
    with _lock:
        line, guard, keeper = _of_this_process().begin("programs", sandboxed=True, warm=True)
        keeper.put_back(line, guard)


def dismiss() -> None:
    """Let the keepers of this process end while it does something else: no run will begin."""
    with _lock:
        for keeper in _of_this_process().keepers.values():
            keeper.hang_up()


def close() -> None:
    """End the keepers of this process."""
    with _lock:
        if _here.pid == os.getpid():
            while _here.keepers:
                _here.keepers.popitem()[1].close()


atexit.register(close)

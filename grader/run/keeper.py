"""The process that runs begin from: for each it forks an observer, which starts the program,
watches it, and sends up what it saw.

Run as `python keeper.py FD KIND [VISIBLE... -- HIDDEN...]`. FD is a connected AF_UNIX
SOCK_SEQPACKET socket: each message on it asks for one run, and brings the line for that (see
wire.py). With paths it stands in the file system that sandbox.py describes, and each run gets
namespaces of its own: VISIBLE are what it must go on seeing, wherever its own folders come to
lie, HIDDEN folders in which it may see nothing.

No code of learners runs in the keeper or in the observers. In a sandbox a program is the child
of its observer and has no capability. The observer is PID 1 of the run, which signals from
below do not touch (pid_namespaces(7)), and which nobody may trace who has fewer capabilities
than it has (ptrace(2), "Ptrace access mode checking"); when its guard is killed, all of the run
is. Without a sandbox the guard lets an observer go on that the program has stopped, and ends the
program if that ended it.
"""

import errno
import gc
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import NoReturn

if __name__ == "__main__":
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    # msgspec asks for it at its import, and does without: it takes longer than all the rest.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]

from msgspec import Struct, structs

from grader.run import linux, namespace, proc, scratch, wire
from grader.run.observation import Launch, Observation, Root, lost
from grader.run.places import CONNECTION, PLACES, SCRATCH, SHARED, SUBMISSION, WRITABLE
from grader.run.request import File, Request, decode_request, encode
from grader.trace import Limits


class Sandboxed(Struct, frozen=True):
    """The paths that every run sees, and those in which it may see nothing."""

    visible: tuple[str, ...]
    hidden: tuple[str, ...]


_SPARE = 2
"""So many times its limit is the room for a run's files: it ends at the limit, not where
there is no more room."""

_KILL_TIME = 10.0
_ROOM_TIME = 5.0
_ROOM_TICK = 0.05


def serve(requests: socket.socket, box: Sandboxed | None) -> NoReturn:
    """Begin a run for each request, until the other end closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who is forked here
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which PID 1 does not feel
    gc.freeze()
    while True:
        _data, lines, _flags, _address = socket.recv_fds(requests, 1, 1)
        if not lines:
            os._exit(0)  # there is nothing that would have to be tidied up
        if not os.fork():
            requests.close()
            _guard(socket.socket(fileno=lines[0]), box)
        os.close(lines[0])


def _guard(line: socket.socket, box: Sandboxed | None) -> None:
    """Fork the run's observer, and hold its line until all of the run is gone."""
    own = str(os.getpid()).encode()
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if box is not None:
            namespace.die_with_parent()
            _unshare()
        with proc.subreaper():
            observer = os.fork()
            if not observer:
                _observe(line, box, own)
            _ignore_signals()
            if _ended_by_another(observer):
                left = proc.kill_below(os.getpid(), time.monotonic() + _KILL_TIME)
                wire.send(line, wire.DONE, encode(lost(left or {observer})))
    except Exception as error:
        _fail(line, error)
    finally:
        os._exit(0)


def _unshare() -> None:
    """Leave the namespaces, once there is room for new ones: who is short of it now would go
    without a sandbox.
    """
    deadline = time.monotonic() + _ROOM_TIME
    while True:
        try:
            return namespace.unshare()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ENOMEM) or time.monotonic() > deadline:
                raise
            time.sleep(_ROOM_TICK)


def _ignore_signals() -> None:
    """As nobody has any to send here: a program may, once it has ended its observer."""
    for number in signal.valid_signals() - {signal.SIGCHLD}:
        with suppress(OSError):  # not SIGKILL and SIGSTOP, and some the system keeps
            signal.signal(number, signal.SIG_IGN)


def _ended_by_another(observer: int) -> bool:
    """Wait for its end, and let it go on whenever somebody has stopped it."""
    while True:
        _pid, status = os.waitpid(observer, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return os.WIFSIGNALED(status)
        proc.send_signal(observer, signal.SIGCONT)


def _observe(line: socket.socket, box: Sandboxed | None, guard: bytes) -> None:
    """The observer of a run: begin it, and report."""
    bounds = _bounds()
    try:
        os.setsid()
        if box is not None:
            namespace.die_with_parent()
            namespace.settle()
        namespace.keep_memory_private()
        wire.send(line, wire.READY, guard)
        kind, payload = wire.receive(line)
        assert kind == wire.REQUEST
        request = _with_room(decode_request(payload))
        observe = _observer(request)
        if box is not None:
            _furnish(request, box)
        start = partial(_fork_kernel, box is not None) if request.kernel else None
        seal = partial(namespace.seal, CONNECTION) if request.shared else None
        launch = request.launch(wire.RemoteOrders(line, seal), start)
        try:
            observation = observe(launch, request.limits)
        except wire.AbandonedError:
            if box is None:
                scratch.remove(launch.scratch)  # its owner may have been killed
            raise
        wire.send(line, wire.DONE, encode(observation))
    except Exception as error:
        if bounds == _bounds():
            _fail(line, error)
        else:  # the program took from its observer what that needs (prlimit(2))
            wire.send(line, wire.DONE, encode(lost({os.getpid()})))
    finally:
        os._exit(0)


def _bounds() -> list[tuple[int, int]]:
    """What this process may use of the system, of what can make it fail."""
    kinds = (
        resource.RLIMIT_NOFILE,
        resource.RLIMIT_AS,
        resource.RLIMIT_DATA,
        resource.RLIMIT_NPROC,
    )
    return [resource.getrlimit(kind) for kind in kinds]


def _fail(line: socket.socket, error: Exception) -> None:
    said = f"{type(error).__name__}: {error}".encode(errors="backslashreplace")
    with suppress(OSError):  # nobody may be there any more
        wire.send(line, wire.FAILED, said)


def _with_room(request: Request) -> Request:
    """What was handed in takes nothing from what may be written."""
    size = sum(len(file.data) for file in request.files)
    scratch_limit = request.limits.scratch + size
    return structs.replace(request, limits=structs.replace(request.limits, scratch=scratch_limit))


def _observer(request: Request) -> Callable[[Launch, Limits], Observation]:
    if request.observer == "linux":
        return linux.observe
    from grader.run import portable

    return portable.observe


def _furnish(request: Request, box: Sandboxed) -> None:
    """Give the run its own folders, with its files in them, and hide what is not for it."""
    held = namespace.hold(box.visible, PLACES)
    namespace.furnish(SCRATCH, WRITABLE, _SPARE * request.limits.scratch)
    namespace.give_back(held)
    if request.shared:
        namespace.show(f"{SHARED}/{request.shared}", CONNECTION)
    for folder in (SHARED, *box.hidden):
        namespace.hide(folder)
    for file in request.files:
        _write(file)


def _write(file: File) -> None:
    path = os.path.join(os.fsencode(SUBMISSION), file.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if path.endswith(b"/"):
        return
    mode = 0o755 if file.executable else 0o644
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as target:
        target.write(file.data)


class _Forked:
    """A process of ours, as subprocess.Popen has it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None

    def wait(self) -> int:
        if self._exit_code is None:
            self._exit_code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._exit_code


def _fork_kernel(
    sandboxed: bool, launch: Launch, env: Mapping[str, str], stdout: int, stderr: int
) -> Root:
    from grader.run import warm

    pid = os.fork()
    if not pid:
        if sandboxed:
            namespace.drop_capabilities()
        namespace.show_memory()
        for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
            del sys.modules[name]
        warm.become(warm.arguments(launch.argv), env, str(launch.cwd), [stdout, stderr])
    return _Forked(pid)


def _main(fd: str, kind: str, *paths: str) -> None:
    del sys.path[0], sys.modules["typing_extensions"]
    if kind == "kernels":
        from grader.run import warm

        warm.preload()
    box = None
    if not paths:
        proc.become_subreaper()
    else:
        split = paths.index("--")
        box = Sandboxed(paths[:split], paths[split + 1 :])
    serve(socket.socket(fileno=int(fd)), box)


if __name__ == "__main__":
    _main(*sys.argv[1:])

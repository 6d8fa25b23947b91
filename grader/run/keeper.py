"""The process that runs begin from: for each it forks an observer, which starts the program, or
forks it from what is in memory (zygote.py), watches it, and sends up what it saw.

Run as `python keeper.py FOLDER... -- FD KIND [VISIBLE... -- HIDDEN...]`. What it imports lies in
the FOLDERs. FD is a connected AF_UNIX SOCK_SEQPACKET socket: each message on it asks for one
run, and brings the line for that (see wire.py). With paths it stands in the file system that
sandbox.py describes, and each run gets namespaces of its own: VISIBLE are what it must go on
seeing, wherever its own folders come to lie, HIDDEN folders in which it may see nothing.

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
from contextlib import suppress

if __name__ == "__main__":
    gc.disable()  # until all is imported, none of which is to be thrown away
    _end = sys.argv.index("--")
    _own = sys.argv[1:_end]
    del sys.argv[1 : _end + 1]
    sys.path[:] = [*sys.path[not sys.flags.safe_path :], *_own]

from grader.run import namespace, wire
from grader.run.imports import import_msgspec
from grader.run.places import CONNECTION, PLACES, SCRATCH, SHARED, SUBMISSION, WRITABLE
from grader.run.subreaper import become_subreaper, subreaper
from grader.run.zygote import Zygote, warm_up

TYPE_CHECKING = False  # see keepers.py
if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.run.keepers import Kind
    from grader.run.request import Request

# What else an observer needs is imported by the first one itself, while its zygote imports what
# programs do: whoever asks for one run only has it sooner.


class Sandboxed:
    """The paths that every run sees, and those in which it may see nothing."""

    def __init__(self, visible: tuple[str, ...], hidden: tuple[str, ...]) -> None:
        self.visible = visible
        self.hidden = hidden


_KILL_TIME = 10.0
_ROOM_TIME = 5.0
_ROOM_TICK = 0.05


def serve(requests: socket.socket, kind: "Kind", box: Sandboxed | None) -> None:
    """Begin a run for each request, until the other end closes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who is forked here
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # which PID 1 does not feel
    gc.freeze()
    gc.enable()
    is_first = True
    while True:
        data, lines, _flags, _address = socket.recv_fds(requests, 1, 1)
        if not lines:
            os._exit(0)  # there is nothing that would have to be tidied up
        os.set_inheritable(lines[0], False)  # which what recvmsg() brings is (recvmsg(2))
        warm = data == wire.WARM
        if not is_first:
            _preload(kind if warm else None)
        is_first = False
        if not os.fork():
            requests.close()
            _guard(socket.socket(fileno=lines[0]), box, kind, warm=warm)
        os.close(lines[0])


def _preload(kind: "Kind | None" = None) -> None:
    """Import what all observers need from now on, and what such programs do, if it is not yet in
    memory.
    """
    gc.disable()
    import_msgspec()
    from grader.run import observing  # noqa: F401

    if kind is not None:
        warm_up(kind, _own)
    gc.freeze()
    gc.enable()


def _guard(line: socket.socket, box: Sandboxed | None, kind: "Kind", *, warm: bool) -> None:
    """Fork the run's observer, and hold its line until all of the run is gone."""
    own = str(os.getpid()).encode()
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if box is not None:
            namespace.die_with_parent()
            _unshare()
        with subreaper():
            observer = os.fork()
            if not observer:
                _observe(line, box, own, kind, warm=warm)
            # Nobody has any to send here; a program may, once it has ended its observer.
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            _see_off(observer, line, box)
    except Exception as error:
        _fail(line, error)
    finally:
        os._exit(0)


def _see_off(observer: int, line: socket.socket, box: Sandboxed | None) -> None:
    """Wait for the end of the observer, and end what it could not."""
    status = _end_of(observer)
    if os.waitstatus_to_exitcode(status) == 0:
        return
    left: set[int] = set()
    with suppress(Exception):  # a program may have taken what that needs: the line will tell
        if box is None:  # else the system has
            from grader.run import proc

            left = proc.kill_below(os.getpid(), time.monotonic() + _KILL_TIME)
        if os.WIFSIGNALED(status):
            wire.send(line, wire.LOST, _spelled(left or {observer}))


def _spelled(pids: set[int]) -> bytes:
    return " ".join(map(str, pids)).encode()


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


def _end_of(observer: int) -> int:
    """Wait for how it ends, and let it go on whenever somebody has stopped it."""
    while True:
        _pid, status = os.waitpid(observer, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return status
        with suppress(ProcessLookupError, PermissionError):
            os.kill(observer, signal.SIGCONT)


def _observe(
    line: socket.socket, box: Sandboxed | None, guard: bytes, kind: "Kind", *, warm: bool
) -> None:
    """The observer of a run: begin it, and report."""
    code = 1
    bounds = _bounds()
    try:
        os.setsid()
        if box is not None:
            namespace.die_with_parent()
            namespace.settle()
        namespace.keep_memory_private()
        wire.send(line, wire.READY, guard)
        zygote = Zygote(kind, _own, sandboxed=box is not None) if warm else None
        _preload()
        _asked(line, box, kind, zygote)()
        code = 0
    except Exception as error:
        if bounds == _bounds():
            _fail(line, error)
        else:  # the program took from its observer what that needs (prlimit(2))
            wire.send(line, wire.LOST, _spelled({os.getpid()}))
    finally:
        os._exit(code)


def _asked(
    line: socket.socket, box: Sandboxed | None, kind: "Kind", zygote: Zygote | None
) -> "Callable[[], None]":
    """Wait for what is to run, and have all ready for it."""
    from grader.run import observing
    from grader.run.request import decode_request

    asked, payload = wire.receive(line)
    assert asked == wire.REQUEST
    request = decode_request(payload)
    start = None
    if request.warm:
        zygote = zygote or Zygote(kind, _own, sandboxed=box is not None)
        zygote.wait_until_ready()
        start = zygote.become
    elif zygote is not None:
        zygote.discard()
    observe = observing.prepared(line, request, start, sandboxed=box is not None)
    if box is not None:
        _furnish(request, box)
    become_subreaper()
    return observe


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


def _furnish(request: "Request", box: Sandboxed) -> None:
    """Give the run its own folders, with its files in them, and hide what is not for it."""
    held = namespace.hold(box.visible, PLACES)
    namespace.furnish(SCRATCH, WRITABLE, request.room)
    namespace.give_back(held)
    if request.shared:
        namespace.show(f"{SHARED}/{request.shared}", CONNECTION)
    for folder in (SHARED, *box.hidden):
        namespace.hide(folder)
    for file in request.files:
        _write(file.path, file.data, executable=file.executable)


def _write(path: bytes, data: bytes, *, executable: bool) -> None:
    path = os.path.join(os.fsencode(SUBMISSION), path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if path.endswith(b"/"):
        return
    mode = 0o755 if executable else 0o644
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as target:
        target.write(data)


def _close_all_but(kept: int) -> None:
    """Close the descriptors that this process was started with, but for the standard streams."""
    for name in os.listdir("/proc/self/fd"):
        if int(name) not in (0, 1, 2, kept):
            with suppress(OSError):  # the one for the list is closed
                os.close(int(name))


def _main(fd: str, kind: "Kind", *paths: str) -> None:
    _close_all_but(int(fd))
    if kind == "kernels":  # which import for far longer than a run takes to be asked for
        _preload(kind)
    box = None
    requests = socket.socket(fileno=int(fd))
    if not paths:
        become_subreaper()
    else:
        split = paths.index("--")
        box = Sandboxed(paths[:split], paths[split + 1 :])
    serve(requests, kind, box)


if __name__ == "__main__":
    _main(*sys.argv[1:])  # type: ignore[arg-type]

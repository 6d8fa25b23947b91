"""The way of the probe's reports to the runner: one JSON object each.

GRADER_PROBE says where to: `socket:PATH`, a Unix datagram socket whose reader gets the
sender's PID from the kernel with each report (unix(7), SO_PASSCRED), or `folder:PATH`, a
folder in which each process appends to a file of its own, which works everywhere.
"""

import _socket
import os
import sys
import time
from _json import encode_basestring_ascii as _quote

TYPE_CHECKING = False  # importing typing would be seen by the program
if TYPE_CHECKING:
    from collections.abc import Iterable

# Bound now, so that a program that patches these modules does not reach the probe.
_getpid, _monotonic, _open, _write, _close = (
    os.getpid,
    time.monotonic,
    os.open,
    os.write,
    os.close,
)
_APPEND = os.O_WRONLY | os.O_CREAT | os.O_APPEND

_LONGEST_TEXT = 300
_socket_path = ""
_folder = ""


def open_from_environment() -> bool:
    """Find out where to report to; false when nobody listens."""
    global _socket_path, _folder  # noqa: PLW0603  # one channel an interpreter
    scheme, _, place = os.environ.get("GRADER_PROBE", "").partition(":")
    if scheme == "socket":
        _socket_path = place
    elif scheme == "folder":
        _folder = place
    return bool(place)


def wait_for_reader() -> None:
    """Wait until somebody listens, who may still have to import what that takes (start.py)."""
    try:
        gate = _open(f"{_socket_path}.gate", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return  # he does
    try:
        os.lockf(gate, os.F_LOCK, 0)
    except OSError:
        return  # no system that has the one observer lacks the other
    finally:
        _close(gate)


def run_name() -> str:
    """What tells this run from all others on the machine: the name of its folder."""
    return os.path.basename(os.path.dirname(_socket_path or _folder))


def attributed_by_kernel() -> bool:
    """Whether the kernel says who wrote what, so that the probe need not."""
    return bool(_socket_path)


def send(kind: str, *, _child: int = 0, **fields: object) -> None:
    """Report one event of the given kind.

    `_child` is the PID of a child to vouch for: where the kernel has process file
    descriptors (pidfd_open(2)), one goes along where it can, so that the runner can hold on to
    a child however soon it ends.
    """
    if not (_socket_path or _folder):
        return
    report = {"kind": kind, "pid": _getpid(), "time": _monotonic(), **fields}
    data = _encode(report).encode("ascii")
    try:
        if _socket_path:
            _send_to_socket(data, _child)
        else:
            _append_to_folder(data + b"\n")
    except OSError:
        # The program used up its descriptors, or the runner is gone. The program must not
        # be disturbed; what the kernel saw remains.
        return


def _send_to_socket(data: bytes, child: int) -> None:
    # A fresh socket for each report: a program that closes or reuses all descriptors, as
    # daemons do, can neither lose the channel nor find reports in a file of its own.
    sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
    sock.settimeout(None)  # whatever default the program has set
    try:
        pidfd = _pidfd(child)
        if pidfd is None:
            sock.sendto(data, _socket_path)
            return
        rights = pidfd.to_bytes(4, sys.byteorder)
        try:
            sock.sendmsg(
                [data], [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, rights)], 0, _socket_path
            )
        except OSError:
            # All programs of a user share how many descriptors may be on their way at once
            # (unix(7), ETOOMANYREFS): another one can use that up.
            sock.sendto(data, _socket_path)
        finally:
            _close(pidfd)
    finally:
        sock.close()


def _pidfd(pid: int) -> int | None:
    if not pid or sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:
        return None


def _append_to_folder(line: bytes) -> None:
    fd = _open(f"{_folder}/{_getpid()}.jsonl", _APPEND, 0o600)
    try:
        _write(fd, line)
    finally:
        _close(fd)


def _encode(value: object) -> str:
    """JSON of flat values, without the json module, which the program may shadow.

    Texts are cut to what a message can hold; bytes go whole, a character each.
    """
    if value is None:
        return "null"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, dict):
        return _joined("{", (f"{_encode(k)}:{_encode(v)}" for k, v in value.items()), "}")
    if isinstance(value, (list, tuple)):
        return _joined("[", (_encode(item) for item in value), "]")
    if isinstance(value, bytes):
        return str(_quote(value.decode("latin-1")))
    text = value if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")  # lone surrogates
    return str(_quote(text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "..."))


def _joined(start: str, parts: "Iterable[str]", end: str) -> str:
    return start + ",".join(parts) + end

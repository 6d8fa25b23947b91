"""Whatever a program sends to its observer, that closes it without waiting."""

import os
import socket
import sys
import threading
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="descriptors of Linux")

from grader.run.disposal import Disposal  # noqa: E402


@pytest.fixture
def may_close(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Nothing but a pidfd can be closed until this is set."""
    event = threading.Event()
    close = os.close

    def wait_and_close(fd: int) -> None:
        assert event.wait(60)
        close(fd)

    monkeypatch.setattr("grader.run.disposal.os.close", wait_and_close)
    return event


def _is_open(fd: int) -> bool:
    return Path(f"/proc/self/fd/{fd}").exists()


def _null() -> int:
    return os.open(os.devnull, os.O_RDONLY)


def test_who_hands_over_what_cannot_be_closed_yet_goes_on_until_it_is_too_much(
    may_close: threading.Event,
) -> None:
    disposal = Disposal()
    assert disposal.has_room()
    taken = [_null() for _ in range(70)]
    disposal.take(taken)
    assert not disposal.has_room()
    assert all(map(_is_open, taken))
    may_close.set()
    disposal.end([])
    assert disposal._thread is not None
    disposal._thread.join(60)
    assert not any(map(_is_open, taken))


def test_a_pidfd_is_closed_at_once() -> None:
    disposal = Disposal()
    fd = os.pidfd_open(os.getpid())
    disposal.take([fd])
    assert not _is_open(fd)
    assert disposal._thread is None


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM])
@pytest.mark.parametrize("at_end", [False, True])
def test_a_socket_in_which_nothing_is_left_is_closed_at_once(
    kind: socket.SocketKind, at_end: bool
) -> None:
    disposal = Disposal()
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    ours.setblocking(False)
    if at_end:
        theirs.close()
    disposal.end([ours])
    assert (ours.fileno(), disposal._thread) == (-1, None)
    theirs.close()


@pytest.mark.parametrize(
    ("kind", "text"),
    [(socket.SOCK_STREAM, b"!"), (socket.SOCK_DGRAM, b"!"), (socket.SOCK_DGRAM, b"")],
)
def test_nobody_waits_until_what_is_left_in_a_socket_is_closed(
    may_close: threading.Event, kind: socket.SocketKind, text: bytes
) -> None:
    disposal = Disposal()
    ours, theirs = socket.socketpair(socket.AF_UNIX, kind)
    ours.setblocking(False)
    with Path(os.devnull).open("rb") as left:
        socket.send_fds(theirs, [text], [left.fileno()])
    held = ours.fileno()
    disposal.end([ours])
    assert _is_open(held)
    may_close.set()
    assert disposal._thread is not None
    disposal._thread.join(60)
    assert not _is_open(held)
    theirs.close()

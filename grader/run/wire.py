"""What goes over the line between who grades and the observer of a run.

A line is a connected AF_UNIX stream socket. Down goes one frame, the request, and then
single bytes, the commands; up come frames of a kind each. A frame is a byte that says its
kind, a length of 4 bytes, and so many bytes of what request.py describes.
"""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

READY = b"r"
"""Up: the run can begin; with the PID of its guard."""
REQUEST = b"q"
"""Down: what to run."""
CAUGHT_UP = b"c"
"""Up: all that was written before the command of the same letter has been read."""
DONE = b"d"
"""Up: the Observation."""
FAILED = b"f"
"""Up: why there can be no run, or is no observation."""

STOP = b"s"
FINISH = b"e"
CATCH_UP = b"c"

_HEADER = struct.Struct("!cI")
_LONGEST_COMMAND = 1 << 12


def send(line: socket.socket, kind: bytes, payload: bytes = b"") -> None:
    """Send one frame."""
    line.sendall(_HEADER.pack(kind, len(payload)) + payload)


def receive(line: socket.socket) -> tuple[bytes, bytes]:
    """The kind and the payload of the next frame. Raises EOFError at the end of the line."""
    kind, length = _HEADER.unpack(_exactly(line, _HEADER.size))
    return kind, _exactly(line, length)


def _exactly(line: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        more = line.recv(min(length - len(data), 1 << 20))
        if not more:
            raise EOFError
        data += more
    return bytes(data)


class AbandonedError(Exception):
    """Nobody is at the other end of the line any more."""


class RemoteOrders:
    """The Orders of an observer that is asked through a line, and answers there.

    `begun` is called before it says for the first time that it has caught up: whoever asks does
    so before any code of a learner runs in a kernel.
    """

    def __init__(self, line: socket.socket, begun: Callable[[], None] | None = None) -> None:
        self.wakes = self._line = line
        self.stop = threading.Event()
        self.finishing = threading.Event()
        self._is_awaited = False
        self._begun = begun

    def attend(self) -> None:
        """See Orders. Raises AbandonedError, which ends the run."""
        with suppress(BlockingIOError):
            asked = self._line.recv(_LONGEST_COMMAND, socket.MSG_DONTWAIT)
            if not asked:
                raise AbandonedError
            if STOP in asked:
                self.stop.set()
            if FINISH in asked:
                self.finishing.set()
            self._is_awaited = CATCH_UP in asked or self._is_awaited

    def has_caught_up(self) -> None:
        """See Orders."""
        if self._is_awaited:
            self._is_awaited = False
            if self._begun is not None:
                self._begun()
                self._begun = None
            send(self._line, CAUGHT_UP)

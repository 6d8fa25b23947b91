"""What goes over the line between who grades and the observer of a run.

A line is a connected AF_UNIX stream socket. Down go the request, a frame, and then single bytes,
the commands; up come frames of a kind each. A frame is a byte that says its kind, a length of 4
bytes, and so many bytes of what request.py describes.
"""

import socket
import struct
from contextlib import suppress

WARM, COLD = b"w", b"c"
"""What a keeper is asked for: a run that begins warm, as far as is known, or cold."""

READY = b"r"
"""Up: the run can begin; with the PID of its guard."""
REQUEST = b"q"
"""Down: what to run, and how it is observed."""
CAUGHT_UP = b"c"
"""Up: all that was written before the command of the same letter has been read."""
DONE = b"d"
"""Up: the Observation."""
LOST = b"l"
"""Up: the observer cannot report any more; with the PIDs of what was left."""
FAILED = b"f"
"""Up: why there can be no run, or is no observation."""

STOP = b"s"
FINISH = b"e"
CATCH_UP = b"c"

_HEADER = struct.Struct("!cI")


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


def hang_up(line: socket.socket) -> None:
    """Let the observer know that it is not wanted any more, and wait until it has cleared
    away all that runs.
    """
    with suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        while line.recv(1 << 16):
            pass

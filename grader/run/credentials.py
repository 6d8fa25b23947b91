"""Messages whose sender the kernel names: SCM_CREDENTIALS of unix(7)."""

import socket
import struct

from msgspec import Struct

LARGEST = 1 << 16
"""Bytes that are read at once."""

_CREDENTIALS = struct.Struct("iII")  # struct ucred: pid, uid, gid
_DESCRIPTOR = struct.Struct("i")
_MOST_DESCRIPTORS = 253  # SCM_MAX_FD of unix(7)
_ANCILLARY = socket.CMSG_SPACE(_CREDENTIALS.size)
_ANCILLARY += socket.CMSG_SPACE(_MOST_DESCRIPTORS * _DESCRIPTOR.size)
"""Room for all that can come: what does not fit the kernel closes at once, and that may take as
long as the sender likes (see disposal.py).
"""


class Message(Struct):
    """What was read, the PID of who wrote it (0 if the kernel does not say), and the
    descriptors that came along.
    """

    data: bytes
    pid: int
    descriptors: list[int]


def receive(sock: socket.socket) -> Message | None:
    """The next message of a datagram socket, or what one sender wrote next to a stream; None
    if nothing has come. At the end of a stream its data are empty.
    """
    try:
        data, ancillary, _flags, _address = sock.recvmsg(LARGEST, _ANCILLARY)
    except BlockingIOError:
        return None
    pid = 0
    descriptors: list[int] = []
    for level, kind, content in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            pid = _CREDENTIALS.unpack(content[: _CREDENTIALS.size])[0]
        elif level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            usable = len(content) - len(content) % _DESCRIPTOR.size
            descriptors += [fd for (fd,) in _DESCRIPTOR.iter_unpack(content[:usable])]
    return Message(data, pid, descriptors)

"""Sends its observer sockets that whoever closes them last waits for (SO_LINGER), as they are
and in the buffer of another socket: over standard output, and to the probe's address."""
import array
import os
import socket
import struct
import threading
import time

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]


def give(sender, *sockets, to=()):
    """Send them in a message, and leave them to whoever reads it: should that one have closed
    them already, it is our turn to wait.
    """
    numbers = array.array("i", [each.fileno() for each in sockets])
    sender.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)], 0, *to)
    for each in sockets:
        threading.Thread(target=each.close, daemon=True).start()


def lingering(server):
    """A socket with much to send that nobody reads."""
    ours = socket.create_connection(server.getsockname())
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 60))
    ours.setblocking(False)
    try:
        while True:
            ours.send(bytes(1 << 16))
    except BlockingIOError:
        return ours


def wrapped(inner):
    """A socket that has another one on its way."""
    ours, other = socket.socketpair()
    give(ours, inner)
    return other


if __name__ == "__main__":
    server = socket.create_server(("127.0.0.1", 0))
    stdout = socket.socket(fileno=os.dup(1))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        for wrap in (lambda each: each, wrapped) * 3:
            give(stdout, wrap(lingering(server)), wrap(lingering(server)))
            give(probe, wrap(lingering(server)), to=(PATH,))
    time.sleep(60)

"""Closes what a program may have sent to its observer: descriptors of whatever it likes."""

import os
import socket
import threading
from collections.abc import Collection, Sequence
from contextlib import suppress

from grader.run import proc

_MOST = 64
"""Descriptors that wait to be closed while more are still taken."""
_PATIENCE = 0.01


class Disposal:
    """Closes descriptors in a thread of its own, since close() may wait as long as a program
    has chosen: for a socket with SO_LINGER (socket(7)), also for one that is on its way in
    another socket. The end of this process does not wait for it.
    """

    def __init__(self) -> None:
        self._waiting: list[int] = []
        self._count = 0
        self._is_over = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def take(self, descriptors: Sequence[int]) -> None:
        """Close these, now or later."""
        if not descriptors:
            return
        if len(descriptors) == 1 and proc.is_pidfd(descriptors[0]):
            os.close(descriptors[0])  # what the probe sends, which is at once
            return
        with self._changed:
            self._waiting += descriptors
            self._count += len(descriptors)
            self._changed.notify_all()
        if self._thread is None:
            thread = threading.Thread(target=self._close, daemon=True)
            with suppress(RuntimeError):  # where there is no room for it, they wait
                thread.start()
                self._thread = thread

    def has_room(self) -> bool:
        """Whether more should be taken: who sends what cannot be closed must wait."""
        if self._count < _MOST:
            return True
        with self._changed:
            return self._changed.wait_for(lambda: self._count < _MOST, _PATIENCE)

    def end(self, sockets: Collection[socket.socket]) -> None:
        """Close those that descriptors came by: nothing more will be taken."""
        self.take([sock.detach() for sock in sockets if not _is_spent(sock)])
        for sock in sockets:
            sock.close()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _close(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_over)
                descriptors, self._waiting = self._waiting, []
            if not descriptors:
                return
            for fd in descriptors:
                os.close(fd)
            with self._changed:
                self._count -= len(descriptors)
                self._changed.notify_all()


def _is_spent(sock: socket.socket) -> bool:
    """Whether nothing is left in it that would be closed with it."""
    try:
        end = not sock.recv(1, socket.MSG_PEEK)
    except OSError as error:
        return isinstance(error, BlockingIOError)
    return end and sock.type == socket.SOCK_STREAM  # of the other kind a message may be empty

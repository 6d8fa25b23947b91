"""Closes what a program may have sent to its observer: descriptors of whatever it likes."""

import os
import queue
import threading
import time
from collections.abc import Iterable

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
        self._waiting: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, descriptors: Iterable[int]) -> None:
        """Close these, now or later."""
        for fd in descriptors:
            if proc.is_pidfd(fd):
                os.close(fd)  # which is at once
                continue
            if self._thread is None:
                self._thread = threading.Thread(target=self._close, daemon=True)
                self._thread.start()
            self._waiting.put(fd)

    def has_room(self) -> bool:
        """Whether more should be taken: who sends what cannot be closed must wait."""
        if self._waiting.qsize() < _MOST:
            return True
        time.sleep(_PATIENCE)
        return self._waiting.qsize() < _MOST

    def end(self) -> None:
        """Nothing more will be taken."""
        self._waiting.put(None)

    def _close(self) -> None:
        while (fd := self._waiting.get()) is not None:
            os.close(fd)

"""What an observer is asked through a line (see wire.py) while it runs."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from grader.run import wire

_LONGEST_COMMAND = 1 << 12


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
            if wire.STOP in asked:
                self.stop.set()
            if wire.FINISH in asked:
                self.finishing.set()
            self._is_awaited = wire.CATCH_UP in asked or self._is_awaited

    def has_caught_up(self) -> None:
        """See Orders."""
        if self._is_awaited:
            self._is_awaited = False
            if self._begun is not None:
                self._begun()
                self._begun = None
            wire.send(self._line, wire.CAUGHT_UP)

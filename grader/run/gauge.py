"""The memory of a run. To measure what its processes share takes long, longer still where they
keep the system busy or change their mappings all the time, so that a thread does it: who observes
goes on meanwhile.
"""

import threading
from collections.abc import Collection

from grader.run import proc

_PATIENCE = 0.02
"""Seconds for a measurement, which is most often over by then; else it is asked for later."""


class MemoryGauge:
    """Tells whether the processes of a run together have more than `limit` bytes of memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._thread: threading.Thread | None = None
        self._measured = 0
        self._was_over = False

    def is_over(self, pids: Collection[int], quick_sum: int) -> bool:
        """Whether they are over it. `quick_sum` is as much as these can have or more, and it is
        measured only where that is too much. Processes that end while they are added up are
        counted twice, but not twice running.
        """
        if quick_sum <= self._limit:
            self._was_over = False
            return False
        if self._thread is None:
            thread = threading.Thread(target=self._measure, args=(pids,), daemon=True)
            try:
                thread.start()
            except RuntimeError:  # the program has taken all the room for threads
                return False
            self._thread = thread
        self._thread.join(_PATIENCE)
        if self._thread.is_alive():
            return False
        self._thread = None
        was_over, self._was_over = self._was_over, self._measured > self._limit
        return was_over and self._was_over

    def _measure(self, pids: Collection[int]) -> None:
        self._measured = sum(map(proc.own_memory, pids))

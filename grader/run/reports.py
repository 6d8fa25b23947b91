"""The probe's reports of one run, of which those are kept that nothing speaks against."""

import errno
import os
import time
from collections import Counter

from grader.run import proc
from grader.run.credentials import Message
from grader.run.records import (
    Dropped,
    ErrorCollected,
    Reaped,
    Record,
    Resource,
    StartFailed,
    Task,
    TaskFailed,
    Waited,
    Wrote,
    decode,
)

_MOST_RECORDS = 10_000
"""Reports of each kind that are kept: a million tasks must not crowd out how it ended, nor may
what a program made up keep who reads it busy."""

_MANY = (ErrorCollected, Resource, Task, TaskFailed)
"""Kinds of which ten times as many are kept, since one process may send them without end."""

_MOST_BYTES = 16 << 20
"""Their size, of each kind."""

_ASKING_PERIOD = 0.25
"""Seconds for which it is believed that the system has no room, or has some."""

_NOT_NEEDED = (Wrote, Dropped)
"""What the kernel tells better."""


class Reports:
    """What was reported since `began`, on the system's clock."""

    def __init__(self, began: float) -> None:
        self._began = began
        self.kept: list[Record] = []
        self.ignored = 0
        self._counts: Counter[type[Record]] = Counter()
        self._bytes: Counter[type[Record]] = Counter()
        self._room_asked = 0.0
        self._has_room = True

    def take(self, message: Message) -> Record | None:
        """The report in a message, if it is one, from whom it says, and credible."""
        record = decode(message.data)
        if record is None or record.pid != message.pid or not self._is_credible(record):
            self.ignored += 1
            return None
        self._counts[type(record)] += 1
        self._bytes[type(record)] += len(message.data)
        self.kept.append(record)
        return record

    def _is_credible(self, record: Record) -> bool:
        """Whether nothing that the kernel knows speaks against a report."""
        kind = type(record)
        if kind in _NOT_NEEDED or not self._began <= record.time <= time.monotonic():
            return False
        most = 10 * _MOST_RECORDS if kind in _MANY else _MOST_RECORDS
        if self._counts[kind] >= most or self._bytes[kind] >= _MOST_BYTES:
            return False
        if isinstance(record, (Waited, Reaped)) and _claims_end(record):
            return proc.stat(record.child) is None
        if isinstance(record, StartFailed) and record.errno in (errno.EAGAIN, errno.ENOMEM):
            return not self._is_there_room()
        return True

    def _is_there_room(self) -> bool:
        """Whether the system lets us have one more process, as far as that was asked of late."""
        now = time.monotonic()
        if now - self._room_asked > _ASKING_PERIOD:
            self._has_room = _has_room()
            self._room_asked = now
        return self._has_room


def _has_room() -> bool:
    """Whether the system lets us have one more process."""
    try:
        pid = os.fork()
    except OSError:
        return False
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


def _claims_end(record: Waited | Reaped) -> bool:
    """Whether its child must be gone from the process table by now: who waits for it removes
    it there (waitpid(2)). A sentinel is ready a moment earlier.
    """
    return isinstance(record, Reaped) or (record.saw_end and record.how != "sentinel")

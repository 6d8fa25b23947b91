"""Of the reports of a run those are kept that can be true, and no more than are of use."""

import errno
import json
import time
from itertools import pairwise

import pytest

from grader.run.credentials import Message
from grader.run.reports import Reports

PID = 4711


def _message(kind: str, **fields: object) -> Message:
    report = {"kind": kind, "pid": PID, "time": time.monotonic(), **fields}
    return Message(json.dumps(report).encode(), PID, [])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The times at which the system was asked for room: it had some."""
    times: list[float] = []

    def has_room() -> bool:
        times.append(time.monotonic())
        return True

    monkeypatch.setattr("grader.run.reports._has_room", has_room)
    return times


def test_a_thousand_claims_that_there_was_no_room_are_looked_into_now_and_then(
    asked: list[float],
) -> None:
    reports = Reports(0.0)
    for number in range(1000):
        claim = _message("start failed", number=number, errno=errno.EAGAIN)
        assert reports.take(claim) is None
    assert reports.ignored == 1000
    assert all(later - earlier > 0.25 for earlier, later in pairwise(asked))
    assert asked


def test_of_each_kind_so_many_are_kept_and_of_tasks_ten_times_as_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.run.reports._MOST_RECORDS", 3)
    reports = Reports(0.0)
    for _ in range(40):
        reports.take(_message("clue", sign="thread", detail=""))
        reports.take(_message("task", function="f", items=1, began=0.0, failed=False))
    kinds = [type(record).__name__ for record in reports.kept]
    assert (kinds.count("ClueSeen"), kinds.count("Task")) == (3, 30)
    assert reports.ignored == 37 + 10

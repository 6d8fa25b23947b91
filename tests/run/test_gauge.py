"""Memory that processes share is measured, and nobody waits for that."""

import threading
import time
from collections.abc import Callable

import pytest

from grader.run.gauge import MemoryGauge


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """The memory of each process."""
    memory: dict[int, int] = {}
    monkeypatch.setattr("grader.run.proc.own_memory", lambda pid: memory[pid])
    return memory


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline


def test_what_is_over_at_two_looks_running_is_over(measured: dict[int, int]) -> None:
    gauge = MemoryGauge(100)
    measured.update({7: 60, 8: 50})
    assert not gauge.is_over([7, 8], 130)  # the first look, which may count one twice
    _until(lambda: gauge.is_over([7, 8], 130))


def test_what_is_within_the_limit_in_between_is_not_over(measured: dict[int, int]) -> None:
    gauge = MemoryGauge(100)
    measured.update({7: 101})
    for _ in range(50):
        assert not gauge.is_over([7], 130)
        assert not gauge.is_over([7], 100)


def test_what_forks_share_is_not_over(measured: dict[int, int]) -> None:
    gauge = MemoryGauge(100)
    measured.update({7: 50, 8: 50})
    assert not any(gauge.is_over([7, 8], 200) for _ in range(50))


def test_a_measurement_that_takes_long_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr("grader.run.proc.own_memory", lambda _pid: 200 if done.wait(60) else 0)
    gauge = MemoryGauge(100)
    began = time.monotonic()
    assert not any(gauge.is_over([7], 200) for _ in range(5))
    assert time.monotonic() - began < 30
    done.set()
    _until(lambda: gauge.is_over([7], 200))

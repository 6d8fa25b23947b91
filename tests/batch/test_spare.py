"""What a machine has to spare, of which it is told what its cores have done."""

import sys
from collections.abc import Callable, Iterable

import pytest

from grader.batch import spare
from grader.batch.spare import CoreTimes, SpareCores, core_times, most_at_a_time

GIB = 1 << 30


def _of(*idle: float, cores: int = 4, seconds: float = 1.0) -> Callable[[], CoreTimes | None]:
    """A machine whose cores are asked each `seconds`, and were idle for so many before that."""

    def times() -> Iterable[CoreTimes]:
        total = slept = 0.0
        yield CoreTimes(cores, total, slept)
        for each in idle:
            total, slept = total + cores * seconds, slept + each
            yield CoreTimes(cores, total, slept)

    told = iter(times())
    return lambda: next(told)


def _taken(cores: SpareCores, times: int) -> list[bool]:
    return [cores.take() for _ in range(times)]


def test_a_core_that_has_nothing_to_do_is_given_away_once() -> None:
    # Asked again before time has passed, the machine tells the same.
    told = iter([CoreTimes(4, 0, 0), *[CoreTimes(4, 4, 2)] * 4])
    assert _taken(SpareCores(lambda: next(told)), 4) == [True, True, False, False]


def test_none_is_where_all_have_something_to_do() -> None:
    assert _taken(SpareCores(_of(0, 0.4)), 2) == [False, False]


def test_what_was_to_spare_before_is_not_any_more() -> None:
    assert _taken(SpareCores(_of(3, 0, 1)), 3) == [True, False, True]


def test_a_moment_is_too_short_to_tell() -> None:
    assert _taken(SpareCores(_of(0.4, 0.4, seconds=0.1)), 2) == [False, True]


def test_where_the_system_does_not_tell_there_is_none() -> None:
    assert not SpareCores(lambda: None).take()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_linux_tells() -> None:
    before, after = core_times(), core_times()
    assert before is not None
    assert after is not None
    assert after.cores == before.cores > 0
    assert after.total >= before.total > before.idle > 0


@pytest.mark.parametrize(
    ("cores", "memory", "most"),
    [(2, GIB, 8), (2, 2 * GIB, 5), (16, GIB, 16), (2, 100 * GIB, 2)],
    ids=["four a core", "as memory allows", "never fewer than cores", "nor then"],
)
def test_so_many_run_while_others_wait_as_there_is_memory_for(
    cores: int, memory: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spare, "_all_memory", lambda: 11 * GIB)
    assert most_at_a_time(cores, memory) == most

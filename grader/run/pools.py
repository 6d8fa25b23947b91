"""The pools of a run, put together from the reports of their owners and workers."""

from collections import Counter, defaultdict

from msgspec import Struct, field

from grader.run.observation import Observation, since
from grader.run.records import (
    ErrorCollected,
    PoolCalled,
    PoolCreated,
    Started,
    Task,
    TaskFailed,
)
from grader.trace import Pool, Shutdown, Worker

_Key = tuple[int, int]
"""Tells a pool: its owner, and the owner's key of it."""

_MOST_ERRORS = 10_000
"""Errors that are told of an owner's pools together: nobody knows which of them each is of."""


class _Index(Struct):
    """The reports by what they are about."""

    made: dict[_Key, PoolCreated] = field(default_factory=dict)
    pool_of: dict[int, _Key] = field(default_factory=dict)
    """Of each worker; a process is one of one pool."""
    workers: dict[_Key, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    """The items that each has done."""
    functions: dict[_Key, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    calls: dict[_Key, list[PoolCalled]] = field(default_factory=lambda: defaultdict(list))
    failed: dict[int, dict[int, TaskFailed]] = field(default_factory=lambda: defaultdict(dict))
    """Of each owner, by job."""
    fetched: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def pools(log: Observation) -> tuple[Pool, ...]:
    """All pools, in the order of their creation."""
    index = _indexed(log)
    owned = Counter(owner for owner, _key in index.made)
    errors = {owner: _errors(index, owner, _MOST_ERRORS // owned[owner]) for owner in owned}
    return tuple(_pool(log, index, key, errors[key[0]]) for key in index.made)


def _indexed(log: Observation) -> _Index:
    index = _Index()
    tasks: list[Task] = []
    for record in log.records:
        match record:
            case PoolCreated():
                index.made.setdefault((record.pid, record.key), record)
            case Started() if record.pool and record.child in log.lives:
                key = index.pool_of.setdefault(record.child, (record.pid, record.pool))
                index.workers[key].setdefault(record.child, 0)
            case Task():
                tasks.append(record)
            case PoolCalled():
                index.calls[record.pid, record.key].append(record)
            case TaskFailed():
                index.failed[record.pid].setdefault(record.job, record)
            case ErrorCollected():
                index.fetched[record.pid].add(record.job)
    for task in tasks:  # which may have come before the report of its worker's start
        if (worked_in := index.pool_of.get(task.pid)) is not None:
            index.workers[worked_in][task.pid] += task.items
            index.functions[worked_in][task.function] += task.items
    return index


def _pool(
    log: Observation, index: _Index, key: _Key, errors: tuple[tuple[str, ...], tuple[str, ...]]
) -> Pool:
    pool, calls = index.made[key], index.calls[key]
    shutdown, last = _shutdown(calls)
    collected, swallowed = errors
    return Pool(
        owner=pool.pid,
        flavour=pool.flavour,
        asked=pool.asked,
        size=pool.size,
        created=since(log, pool.time),
        workers=tuple(Worker(pid, tasks) for pid, tasks in index.workers[key].items()),
        functions=tuple(index.functions[key]),
        shutdown=shutdown,
        shut_down_at=since(log, last.time) if last else None,
        outstanding=_outstanding(calls, shutdown, last),
        errors_collected=collected,
        errors_swallowed=swallowed,
    )


def _outstanding(calls: list[PoolCalled], shutdown: Shutdown, last: PoolCalled | None) -> int:
    """What was thrown away unfinished: by the shutdown, or at the program's exit."""
    if shutdown in _AT_ONCE:
        return last.outstanding if last else 0
    return sum(record.outstanding for record in calls if record.call == "exit")


_AT_ONCE: tuple[Shutdown, ...] = ("with", "terminated")


def _shutdown(calls: list[PoolCalled]) -> tuple[Shutdown, PoolCalled | None]:
    """How a pool was shut down, and the call that completed it."""
    for call, shutdown in (("__exit__", "with"), ("terminate", "terminated")):
        for record in calls:
            if record.call == call:
                return shutdown, record  # type: ignore[return-value]
    closed = next((record for record in calls if record.call == "close"), None)
    joined = next((record for record in reversed(calls) if record.call == "join"), None)
    if closed is not None and joined is not None:
        return "closed and joined", joined
    return ("closed" if closed else "never"), closed


def _errors(index: _Index, owner: int, most: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Errors of tasks that the owner fetched, and those that it did not."""
    failed, fetched = index.failed[owner], index.fetched[owner]
    collected = [r.error for job, r in failed.items() if r.collected or job in fetched]
    swallowed = [r.error for job, r in failed.items() if not r.collected and job not in fetched]
    return tuple(collected[:most]), tuple(swallowed[:most])

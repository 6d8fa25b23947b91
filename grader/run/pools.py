"""The pools of a run, put together from the reports of their owners and workers."""

from collections import Counter

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


def pools(log: Observation) -> tuple[Pool, ...]:
    """All pools, in the order of their creation."""
    made = (record for record in log.records if isinstance(record, PoolCreated))
    return tuple(_pool(log, record) for record in made)


def _pool(log: Observation, pool: PoolCreated) -> Pool:
    workers = {
        r.child: 0
        for r in log.records
        if isinstance(r, Started)
        and (r.pid, r.pool) == (pool.pid, pool.key)
        and r.child in log.lives
    }
    functions: Counter[str] = Counter()
    for record in log.records:
        if isinstance(record, Task) and record.pid in workers:
            workers[record.pid] += record.items
            functions[record.function] += record.items
    calls = [
        record
        for record in log.records
        if isinstance(record, PoolCalled) and (record.pid, record.key) == (pool.pid, pool.key)
    ]
    shutdown, last = _shutdown(calls)
    collected, swallowed = _errors(log, pool.pid)
    return Pool(
        owner=pool.pid,
        flavour=pool.flavour,
        asked=pool.asked,
        size=pool.size,
        created=since(log, pool.time),
        workers=tuple(Worker(pid, tasks) for pid, tasks in workers.items()),
        functions=tuple(functions),
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


def _errors(log: Observation, owner: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Errors of tasks that the owner fetched, and those that it did not."""
    fetched = {r.job for r in log.records if isinstance(r, ErrorCollected) and r.pid == owner}
    failed: dict[int, TaskFailed] = {}
    for record in log.records:
        if isinstance(record, TaskFailed) and record.pid == owner:
            failed.setdefault(record.job, record)
    collected = tuple(r.error for job, r in failed.items() if r.collected or job in fetched)
    swallowed = tuple(
        r.error for job, r in failed.items() if not r.collected and job not in fetched
    )
    return collected, swallowed

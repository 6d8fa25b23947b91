"""Q5: create a pool of worker processes."""

from grader.checks import slips
from grader.checks.base import Check, Exercise, Verdict, fails, holds
from grader.checks.common import RAN_CLEAN
from grader.checks.evidence import count, cut_short, listed
from grader.trace import Pool, Trace

FEWEST = 2


def pools(trace: Trace) -> tuple[Pool, ...]:
    """The multiprocessing Pools of processes."""
    return tuple(pool for pool in trace.pools if pool.flavour == "Pool")


def judge_pool_created(trace: Trace) -> Verdict:
    """A multiprocessing Pool of processes was created."""
    found = pools(trace)
    if found:
        made = listed(_described(pool) for pool in found)
        return holds(f"{count(len(found), 'Pool')} created, of {made}.")
    return fails("No multiprocessing Pool was created.", _why_no_pool(trace))


def _described(pool: Pool) -> str:
    return f"{count(pool.size, 'worker')}{' (the default)' if pool.asked is None else ''}"


def _why_no_pool(trace: Trace) -> str | None:
    return (
        slips.executor_for_pool(trace)
        or slips.thread_pool(trace)
        or slips.shadowed_module(trace)
        or _processes_for_pool(trace)
        or slips.threads(trace)
        or cut_short(trace)
        or slips.nothing_happened(trace)
    )


def _processes_for_pool(trace: Trace) -> str | None:
    started = trace.of_kind("process")
    if not started:
        return None
    number = count(len(started), "Process object")
    return f"The program started {number} of its own: a Pool makes its workers itself."


def judge_pool_size(trace: Trace) -> Verdict:
    """At least two workers, as many as the pool was sized for, in distinct PIDs."""
    best = max(pools(trace), key=lambda pool: (_is_manned(pool), pool.size))
    seen = len({worker.pid for worker in best.workers})
    wanted = FEWEST if best.asked is not None else 1
    if best.size < wanted:
        return fails(
            f"The pool has only {count(best.size, 'worker')}: with one there is nobody to "
            "share the work with. Ask for at least two, or leave the size to Python."
        )
    if not _is_manned(best):
        return fails(
            f"The pool was made for {count(best.size, 'worker')}, but {seen} came to life."
        )
    replaced = seen - best.size
    more = f" ({replaced} more replaced others)" if replaced else ""
    workers = listed(worker.pid for worker in best.workers)
    return holds(f"{count(best.size, 'worker')}{more} in different processes: PIDs {workers}.")


def _is_manned(pool: Pool) -> bool:
    return len({worker.pid for worker in pool.workers}) >= pool.size


def judge_work_in_workers(trace: Trace) -> Verdict:
    """The workers ran at least one task, and no task's error was left uncollected."""
    found = pools(trace)
    tasks = sum(worker.tasks for pool in found for worker in pool.workers)
    swallowed = [error for pool in found for error in pool.errors_swallowed]
    if swallowed:
        return fails(
            f"{count(len(swallowed), 'task')} failed and nobody noticed: {swallowed[0]}. "
            "The error waits in the result until get() is called on it.",
            slips.pickled_lambda(swallowed[0]),
        )
    if tasks:
        busy = [worker for pool in found for worker in pool.workers if worker.tasks]
        functions = listed(dict.fromkeys(f"{f}()" for pool in found for f in pool.functions))
        return holds(f"{count(len(busy), 'worker')} ran {count(tasks, 'task')} of {functions}.")
    errors = [error for pool in found for error in pool.errors_collected]
    outstanding = sum(pool.outstanding for pool in found)
    if outstanding:
        return fails(
            f"No task was finished by the pool's workers: {count(outstanding, 'call')} of the "
            "pool had no result yet when it was shut down. Call get() on each result first."
        )
    return fails(
        "No task was run by the pool's workers.",
        slips.task_called(trace)
        or (slips.pickled_lambda(errors[0]) if errors else None)
        or cut_short(trace)
        or "Give it work: pool.map(function, values) is the shortest way.",
    )


def judge_pool_shut_down(trace: Trace) -> Verdict:
    """Every pool was shut down by the program, with nothing outstanding.

    A notebook goes on when its cell is done: a pool whose work is done may stay for the next.
    """
    for pool in pools(trace):
        name = f"The pool of {pool.size}"
        if trace.cells and pool.shutdown in ("never", "closed") and not pool.outstanding:
            continue
        if pool.shutdown == "never":
            return fails(
                f"{name} was never shut down.",
                cut_short(trace)
                or "Leave it through `with Pool() as pool:`, or call pool.close() and then "
                "pool.join() - with the ().",
            )
        if pool.shutdown == "closed":
            return fails(
                f"{name} was closed, but pool.join() did not come to its end after that.",
                cut_short(trace)
                or "close() only says that no more tasks will come; join() waits until those "
                "it has are done. Call pool.join(), with the ().",
            )
        if pool.outstanding:
            return fails(
                f"{name} was shut down with tasks outstanding: "
                f"{count(pool.outstanding, 'call')} had no result yet. Leaving `with`, or "
                "terminate(), throws unfinished work away. Call get() on each result first, or "
                "close() and join()."
            )
    how = _HOW_IN_NOTEBOOK if trace.cells else _HOW
    shown = dict.fromkeys(how.get(pool.shutdown, pool.shutdown) for pool in pools(trace))
    worked = any(worker.tasks for pool in pools(trace) for worker in pool.workers)
    return holds(f"The pool was {listed(shown)}{', its work done' if worked else ''}.")


_HOW = {"with": "left through `with`"}
_HOW_IN_NOTEBOOK = _HOW | {
    "never": "left open for the cells to come (a program should leave it through `with`)",
    "closed": "closed",
}


EXERCISE = Exercise(
    id="q5",
    title="Create a pool of worker processes",
    question="How can we create a pool of worker processes in Python using the "
    "multiprocessing module?",
    checks=(
        RAN_CLEAN,
        Check(
            id="pool_created",
            title="A multiprocessing Pool of processes is created",
            points=2,
            judge=judge_pool_created,
            hints=(
                "Which class of multiprocessing keeps several workers ready for tasks?",
                (
                    "Pool comes from multiprocessing itself, not from multiprocessing.dummy or "
                    "multiprocessing.pool.ThreadPool, which make threads."
                ),
                "from multiprocessing import Pool, then `with Pool(4) as pool:`.",
            ),
        ),
        Check(
            id="pool_size",
            title="It has at least two workers, as many as it was asked for",
            points=2,
            judge=judge_pool_size,
            needs=("pool_created",),
            hints=(
                "How many workers share the tasks?",
                "Pool(n) makes n workers; Pool() makes one for each processor.",
                "Pool(4) makes four.",
            ),
        ),
        Check(
            id="work_in_workers",
            title="The workers run your tasks, and no error goes unnoticed",
            points=2,
            judge=judge_work_in_workers,
            needs=("pool_created",),
            hints=(
                "Who does the work, the main program or the pool?",
                "pool.map(function, values) has the workers call function on each value.",
                (
                    "apply_async() and map_async() give a result object: call get() on it, or you "
                    "will never learn of an error."
                ),
            ),
        ),
        Check(
            id="pool_shut_down",
            title="The pool is shut down before the program's end, its work done",
            points=2,
            judge=judge_pool_shut_down,
            needs=("pool_created",),
            hints=(
                "What becomes of the workers when all tasks are done?",
                "`with Pool() as pool:` ends them when its block is left.",
                "Without `with`: pool.close(), then pool.join().",
            ),
        ),
    ),
)

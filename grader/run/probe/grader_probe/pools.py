"""Reports pools: their size, their tasks, the errors of tasks, and how they were shut down."""

import _weakref
import os
import time

from . import channel, processes
from .wrapping import key_of, module_of, name_of, replace, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: "ModuleType") -> None:
    """Watch one module that makes pools."""
    _PATCHES[module.__name__](module)


def _patch_pool(module: "Any") -> None:
    def reporting_init(original: "Any") -> "Any":
        def __init__(  # noqa: N807
            self: "Any", processes: "Any" = None, *args: "Any", **kwargs: "Any"
        ) -> None:
            original(self, processes, *args, **kwargs)
            _made.append((os.getpid(), _weakref.ref(self)))
            is_threads = isinstance(self, module.ThreadPool)
            channel.send(
                "pool",
                key=_key(self),
                flavour="ThreadPool" if is_threads else "Pool",
                asked=processes if isinstance(processes, int) else None,
                size=self._processes,
            )

        return __init__

    replace(module.Pool, "__init__", reporting_init)
    processes.before_exit.append(_report_what_is_open)
    for call in ("close", "terminate", "__exit__"):
        replace(module.Pool, call, _reporting_call)
    replace(module.Pool, "join", _reporting_join)
    replace(module.Pool, "_guarded_task_generation", _counting_tasks)
    replace(module, "worker", _reporting_worker)
    for result in (module.ApplyResult, module.MapResult):
        replace(result, "_set", _reporting_set)
    replace(module.ApplyResult, "get", _reporting_get)
    replace(module.ApplyResult, "successful", _reporting_successful)
    for iterator in (module.IMapIterator, module.IMapUnorderedIterator):
        replace(iterator, "_set", _reporting_item_set)
    replace(module.IMapIterator, "next", _reporting_next)
    module.IMapIterator.__next__ = module.IMapIterator.next


def _reporting_call(original: "Any") -> "Any":
    call = original.__name__

    def method(self: "Any", *args: "Any") -> "Any":
        # Counted first: shutting down throws unfinished tasks away.
        _report_call(self, call)
        return original(self, *args)

    return method


def _reporting_join(original: "Any") -> "Any":
    def join(self: "Any") -> None:
        original(self)
        _report_call(self, "join")

    return join


_made: "list[tuple[int, _weakref.ref[Any]]]" = []
"""The pools of this process, and those that a fork has left it."""


def _report_what_is_open() -> None:
    """How the pools stand that the program leaves to the exit handlers."""
    for owner, reference in _made:
        pool = reference()
        if pool is not None and owner == os.getpid():
            _report_call(pool, "exit")


def _key(pool: "Any") -> int:
    # What a pool's processes share with it; a pool of threads has a queue that takes no mark.
    return key_of(pool._inqueue if hasattr(pool._inqueue, "_writer") else pool)


def _report_call(pool: "Any", call: str) -> None:
    channel.send("pool called", key=_key(pool), call=call, outstanding=_outstanding(pool))


def _outstanding(pool: "Any") -> int:
    """Jobs without a result. A result is set a moment before its job leaves the cache."""
    return sum(not _is_done(result) for result in list(pool._cache.values()))


_sleep = time.sleep
_PATIENCE = 100
"""Looks at an iterator of results, 5 ms apart, until the pool's thread says how many there
will be: it learns that only when it asks for one more task."""


def _is_done(result: "Any") -> bool:
    if hasattr(result, "_event"):
        return bool(result._event.is_set())
    for _ in range(_PATIENCE):
        arrived = result._index + len(result._unsorted)
        if result._length is not None or arrived < getattr(result, "_grader_tasks", 0):
            break
        _sleep(0.005)
    return result._length is not None and arrived >= result._length


def _counting_tasks(original: "Any") -> "Any":
    def _guarded_task_generation(self: "Any", job: int, *args: "Any") -> "Any":
        result = self._cache.get(job)
        for task in original(self, job, *args):
            if result is not None:
                result._grader_tasks = getattr(result, "_grader_tasks", 0) + 1
            yield task

    return _guarded_task_generation


def _reporting_worker(original: "Any") -> "Any":
    def worker(inqueue: "Any", outqueue: "Any", *args: "Any", **kwargs: "Any") -> None:
        if hasattr(inqueue, "_writer"):  # else it is a thread's
            _watch_tasks(inqueue, outqueue)
        original(inqueue, outqueue, *args, **kwargs)

    return worker


_TOLD_ONE_BY_ONE = 1000
_TOLD_TOGETHER = 100
"""So many tasks of a worker are reported each, further ones by the hundred: a pool may be
given millions, and what is lost of the last hundred changes no verdict."""


def _watch_tasks(inqueue: "Any", outqueue: "Any") -> None:
    """Report each task once it is done and before its result can be seen: with the result
    in hand the program may terminate the pool, and the report must not get lost.
    """
    get, put = inqueue.get, outqueue.put
    current: dict[str, Any] = {}
    done = pending = 0

    def reporting_get() -> "Any":
        task = get()
        if task is not None:
            current.update(_described(task), began=time.monotonic())
            _look_for_slips(task)
        return task

    def reporting_put(result: "Any") -> None:
        nonlocal done, pending
        if current:  # else it is a second try, with the error of pickling the first
            done += 1
            pending += current.pop("items")
            if done <= _TOLD_ONE_BY_ONE or not done % _TOLD_TOGETHER:
                channel.send("task", failed=not result[2][0], items=pending, **current)
                pending = 0
            current.clear()
        put(result)

    inqueue.get, outqueue.put = reporting_get, reporting_put


def _look_for_slips(task: "Any") -> None:
    """What cannot be called, or is no tuple of arguments, was a call of the program's own."""
    _job, _index, function, args, _kwargs = task
    if _is_mapping(function):
        function = args[0][0]
    if not callable(function):
        channel.send("clue", sign="task called", detail=text_of(function))
    elif not hasattr(type(args), "__iter__"):
        channel.send("clue", sign="args not a tuple", detail=text_of(args))


def _is_mapping(function: "Any") -> bool:
    """Whether this is what map() wraps around the program's function and a part of its items."""
    name = getattr(function, "__name__", "")
    return module_of(function) == "multiprocessing.pool" and name in ("mapstar", "starmapstar")


def _described(task: "Any") -> "dict[str, Any]":
    """The function and the number of items of a task; map() sends several in one."""
    _job, _index, function, args, _kwargs = task
    if _is_mapping(function):
        inner, items = args[0]
        return {"function": name_of(inner), "items": len(items)}
    return {"function": name_of(function), "items": 1}


def _reporting_set(original: "Any") -> "Any":
    def _set(self: "Any", i: "Any", result: "Any") -> None:
        success, value = result
        if not success:
            channel.send(
                "task failed",
                job=self._job,
                error=_error_text(value),
                collected=self._error_callback is not None,
            )
        original(self, i, result)

    return _set


def _reporting_item_set(original: "Any") -> "Any":
    def _set(self: "Any", i: "Any", result: "Any") -> None:
        success, value = result
        if not success:
            channel.send("task failed", job=self._job, error=_error_text(value), collected=False)
        original(self, i, result)

    return _set


def _reporting_get(original: "Any") -> "Any":
    def get(self: "Any", timeout: float | None = None) -> "Any":
        try:
            return original(self, timeout)
        finally:
            _report_collected(self)

    return get


def _reporting_successful(original: "Any") -> "Any":
    def successful(self: "Any") -> bool:
        try:
            result: bool = original(self)
        finally:
            _report_collected(self)
        return result

    return successful


def _report_collected(result: "Any") -> None:
    if result._event.is_set() and not result._success:
        channel.send("error collected", job=result._job)


def _reporting_next(original: "Any") -> "Any":
    def next(self: "Any", timeout: float | None = None) -> "Any":  # noqa: A001
        try:
            return original(self, timeout)
        except StopIteration:
            raise
        except Exception:
            channel.send("error collected", job=self._job)
            raise

    return next


def _error_text(error: "Any") -> str:
    try:
        return f"{type(error).__name__}: {error}"
    except Exception:
        return type(error).__name__


def _patch_process_executor(module: "Any") -> None:
    def reporting(original: "Any") -> "Any":
        def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
            original(self, *args, **kwargs)
            _report_executor(self, key_of(self._call_queue), "ProcessPoolExecutor")

        return __init__

    replace(module.ProcessPoolExecutor, "__init__", reporting)


def _patch_thread_executor(module: "Any") -> None:
    def reporting(original: "Any") -> "Any":
        def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
            original(self, *args, **kwargs)
            _report_executor(self, key_of(self), "ThreadPoolExecutor")

        return __init__

    replace(module.ThreadPoolExecutor, "__init__", reporting)


def _report_executor(executor: "Any", key: int, flavour: str) -> None:
    channel.send(
        "pool",
        key=key,
        flavour=flavour,
        asked=executor._max_workers,
        size=executor._max_workers,
    )


_PATCHES = {
    "concurrent.futures.process": _patch_process_executor,
    "concurrent.futures.thread": _patch_thread_executor,
    "multiprocessing.pool": _patch_pool,
}

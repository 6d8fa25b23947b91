"""Engines: where the submissions of a class are graded. Each is a concurrent.futures.Executor
that is replaced when one of its workers has died, and that can be stopped at once.
"""

import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

import msgspec

from grader.batch.database import only_one
from grader.batch.spare import SpareCores
from grader.batch.work import Graded, Task, grade_task, ungraded
from grader.run.scratch import remove


class Engine(Protocol):
    """Where submissions are graded. `deaths` are the errors that say that a worker has died
    while it graded.
    """

    deaths: tuple[type[BaseException], ...]

    def has_room(self, running: int) -> bool:
        """Whether it can do with another task, having so many."""
        ...

    def submit(self, task: bytes) -> Future[bytes]:
        """Have a task graded, see grade_task. May raise one of `deaths`."""
        ...

    def renew(self, *, alone: bool) -> None:
        """Go on after a death, when nothing is running: one at a time, or as before."""
        ...

    def check(self) -> None:
        """Raises EngineError if it is plain that no result will come any more."""
        ...

    def stop(self) -> None:
        """Put an end to everything at once."""
        ...


class EngineError(Exception):
    """An engine that cannot be used, or not any more; one line for people."""


def grade_all(engine: Engine, tasks: Iterable[Task]) -> Iterator[list[Graded]]:
    """Grade them all, and give the results in lists, each as soon as there is one.

    No more tasks are asked for than can be worked on. If a worker dies, what it may have been
    at is graded again, each alone. What is then the end of a worker once more is told of.
    """
    waiting = map(msgspec.json.encode, tasks)
    running: dict[Future[bytes], bytes] = {}
    suspects: list[bytes] = []
    while True:
        while not suspects and engine.has_room(len(running)):
            task = next(waiting, None)
            if task is None:
                break
            future = _submit(engine, task)
            if future is None:
                suspects.append(task)
            else:
                running[future] = task
        if running:
            finished = _finished(engine, running)
            results = [(running.pop(future), _result(engine, future)) for future in finished]
            suspects += [task for task, graded in results if graded is None]
            if done := [graded for _, graded in results if graded is not None]:
                yield done
        elif suspects:
            yield from ([graded] for graded in _each_alone(engine, suspects))
            suspects = []
        else:
            return


def _submit(engine: Engine, task: bytes) -> Future[bytes] | None:
    """None where a worker has died that nobody has heard of yet."""
    try:
        return engine.submit(task)
    except engine.deaths:
        return None


def _finished(engine: Engine, running: Iterable[Future[bytes]]) -> set[Future[bytes]]:
    """Those that have ended after a while, as soon as one has. If none has, the engine is asked
    whether any ever will.
    """
    finished, _ = wait(running, timeout=_LOOKS_AFTER, return_when=FIRST_COMPLETED)
    if not finished:
        engine.check()
    return finished


_LOOKS_AFTER = 0.25
"""Seconds; also those after which it is seen that there is room for more, and on Windows those
after which Ctrl-C is heard of."""


def _result(engine: Engine, future: Future[bytes]) -> Graded | None:
    """What came out; None if the worker has died."""
    try:
        return msgspec.json.decode(future.result(), type=Graded)
    except engine.deaths:
        return None
    except CancelledError as error:
        raise EngineError(
            "the engine gave up its work, as when its scheduler ends. What was graded is kept: "
            "the same command goes on."
        ) from error


def _each_alone(engine: Engine, suspects: Iterable[bytes]) -> Iterator[Graded]:
    """Grade what may have been the end of a worker, each with no other beside it."""
    engine.renew(alone=True)
    for task in suspects:
        graded = None
        if future := _submit(engine, task):
            while not _finished(engine, [future]):
                pass
            graded = _result(engine, future)
        if graded is None:
            engine.renew(alone=True)
            why = "the process that graded it was ended twice while it did, the second time alone"
            graded = ungraded(msgspec.json.decode(task, type=Task), why)
        yield graded
    engine.renew(alone=False)


class LocalEngine:
    """The cores of this machine: a pool of processes, each of which grades one at a time.

    There are `workers` of them, and, as long as a core has nothing to do, more, up to `most`.
    `folder` is where they lay their temporary files; it goes with the engine.
    """

    deaths: tuple[type[BaseException], ...] = (BrokenProcessPool,)

    def __init__(self, workers: int, folder: Path, most: int = 0) -> None:
        self._workers = min(workers, _MOST_WORKERS)
        self._most = min(max(workers, most), _MOST_WORKERS)
        self._spare = SpareCores()
        self._folder = folder
        self._life = ExitStack()
        self._life.enter_context(only_one(folder))  # it is lived in
        self._stopped, self._stops = _SPAWN.Pipe(duplex=False)
        self._executor = self._new_executor(self._most)

    def _new_executor(self, workers: int) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(workers, _SPAWN, _begin, (self._stopped, str(self._folder)))

    def has_room(self, running: int) -> bool:
        """See Engine. One more than there are workers is at once begun, while others may sleep, or
        ready for who is done first.
        """
        return running <= self._workers or (running < self._most and self._spare.take())

    def submit(self, task: bytes) -> Future[bytes]:
        """See Engine."""
        with _uninterrupted():
            return self._executor.submit(grade_task, task)

    def renew(self, *, alone: bool) -> None:
        """See Engine."""
        self._executor.shutdown()
        self._executor = self._new_executor(1 if alone else self._most)

    def check(self) -> None:
        """See Engine: a pool of processes tells of every death."""

    def stop(self) -> None:
        """See Engine."""
        self._stops.close()
        self._executor.shutdown(cancel_futures=True)
        self._stopped.close()
        self._life.close()
        remove(self._folder)


_MOST_WORKERS = 61 if sys.platform == "win32" else 1024
"""Windows waits for no more at once (concurrent/futures/process.py)."""

_SPAWN = get_context("spawn")
"""The only way to start a process that every system has, and that threads do no harm to."""

_CAN_MASK = hasattr(signal, "pthread_sigmask")


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let a worker that is started meanwhile hear of no Ctrl-C, which is for its parent."""
    if not _CAN_MASK:
        yield
        return
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _begin(stopped: Connection, folder: str) -> None:
    """A worker begins: it lays its temporary files where its parent clears them away, and ends
    when that says so, or has ended.
    """
    tempfile.tempdir = folder
    if _CAN_MASK:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # drops one that has come already
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGINT, signal.default_int_handler)
    parent = parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel, stopped), daemon=True).start()


def _end_with(parent: int, stopped: Connection) -> None:
    with suppress(OSError):
        connection.wait([parent, stopped])
    # At once: its runs end with it, as those of any grader that is killed.
    os._exit(1)

"""The engine of a cluster: the workers of a dask.distributed scheduler.

They need the kit, in the same version, and nothing else of ours: submissions travel as bytes.
"""

import re
import socket
import time
from concurrent.futures import Future
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from distributed import Client, KilledWorker

from grader.batch.engine import EngineError
from grader.batch.version import DISTRIBUTION, KIT
from grader.batch.work import grade_task, without_sandbox

_PATIENCE = 10.0
"""Seconds for the scheduler to answer."""

_WITHOUT_WORKERS = 60.0
"""Seconds for a worker to come back."""

_END = 1.0
"""Seconds to take leave of a scheduler."""


class ClusterEngine:
    """The workers that a scheduler has; more may come, and some may go."""

    deaths: tuple[type[BaseException], ...] = (KilledWorker,)

    def __init__(self, address: str, *, sandboxed: bool = False) -> None:
        try:
            _reach(address)
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise EngineError(
                f"there is no dask scheduler at {address}: start one with `dask scheduler`, and "
                "give the address that it prints."
            ) from error
        try:
            self._at_once = 2 * self._workers()
            if sandboxed:
                self._refuse_without_sandbox()
            # A task that is lost with its worker is ours to try again: alone, and only once.
            self._give_up_at_once(True)
        except BaseException:
            self._client.close()
            raise
        self._last_seen = time.monotonic()
        self._executor = self._client.get_executor(pure=False, retries=0)

    def _workers(self) -> int:
        """How many there are, if they can do the work. Raises EngineError."""
        found = self._client.run(version, DISTRIBUTION, on_error="return")
        if not found:
            raise EngineError(
                "the dask scheduler has no workers: start some with `dask worker ADDRESS`."
            )
        for worker, kit in found.items():
            if kit != KIT:
                there = kit if isinstance(kit, str) else "no kit"
                raise EngineError(
                    f"the dask worker {worker} has {there}, not {KIT} as here: install the same "
                    f"version of {DISTRIBUTION} there."
                )
        return len(found)

    def _refuse_without_sandbox(self) -> None:
        for worker, why in self._client.run(without_sandbox).items():
            if why:
                raise EngineError(f"the dask worker {worker} has no sandbox: {why}.")

    def _give_up_at_once(self, wanted: bool) -> None:
        """Have the scheduler give up a task as soon as its worker has died, or as it did before.

        The scheduler needs no kit, so that what it is to do travels by value.
        """

        def set_it(wanted: bool, dask_scheduler: Any) -> None:
            before = getattr(dask_scheduler, "grader_before", dask_scheduler.allowed_failures)
            dask_scheduler.grader_before = before  # also for who comes after one that was killed
            dask_scheduler.allowed_failures = 0 if wanted else before

        self._client.run_on_scheduler(set_it, wanted)

    def has_room(self, running: int) -> bool:
        """See Engine: each worker has one that is ready when it is done."""
        return running < self._at_once

    def submit(self, task: bytes) -> Future[bytes]:
        """See Engine."""
        future: Future[bytes] = self._executor.submit(grade_task, task)
        return future

    def renew(self, *, alone: bool) -> None:
        """See Engine: dask goes on by itself."""

    def check(self) -> None:
        """See Engine."""
        now = time.monotonic()
        if self._client.scheduler_info()["workers"]:
            self._last_seen = now
        elif now - self._last_seen > _WITHOUT_WORKERS:
            raise EngineError(
                "the dask scheduler has had no workers for a minute. What was graded is kept: "
                "start some, and give the same command again."
            )

    def stop(self) -> None:
        """See Engine."""
        if self._client.status == "running":
            self._executor.shutdown(wait=False)  # and cancel what waits
            with suppress(OSError, TimeoutError):  # it may end in this moment
                self._give_up_at_once(False)
        self._client.close(timeout=_END)


def _reach(address: str) -> None:
    """Find out whether anybody listens: a Client that finds nobody complains at its end."""
    found = re.fullmatch(r"(?:\w+://)?(.+):(\d+)", address)
    if found is None:
        raise ValueError(address)
    host, port = found.groups()
    socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()

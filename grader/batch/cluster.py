"""The engine of a cluster: the workers of a dask.distributed scheduler.

They need the kit, in the same version, and nothing else of ours: submissions travel as bytes.
"""

from concurrent.futures import Future
from importlib.metadata import version
from typing import Any

from distributed import Client, KilledWorker

from grader.batch.engine import EngineError
from grader.batch.work import DISTRIBUTION, KIT, grade_task

_PATIENCE = "10s"
"""For the scheduler to answer."""


class ClusterEngine:
    """The workers that a scheduler has; more may come, and some may go."""

    deaths: tuple[type[BaseException], ...] = (KilledWorker,)

    def __init__(self, address: str) -> None:
        try:
            self._client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise EngineError(
                f"there is no dask scheduler at {address}: start one with `dask scheduler`, and "
                "give the address that it prints."
            ) from error
        try:
            self.at_once = 2 * self._workers()
            # A task that is lost with its worker is ours to try again: alone, and only once.
            self._allowed = self._allow_failures(0)
        except BaseException:
            self._client.close()
            raise
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

    def _allow_failures(self, number: int) -> int:
        """Let the scheduler give up a task after so many workers have died of it, and one more.

        What it was before. The scheduler needs no kit, so that this travels by value.
        """

        def allow(number: int, dask_scheduler: Any) -> int:
            before: int = dask_scheduler.allowed_failures
            dask_scheduler.allowed_failures = number
            return before

        before: int = self._client.run_on_scheduler(allow, number)
        return before

    def submit(self, task: bytes) -> Future[bytes]:
        """See Engine."""
        future: Future[bytes] = self._executor.submit(grade_task, task)
        return future

    def renew(self) -> None:
        """See Engine: dask goes on by itself."""

    def stop(self) -> None:
        """See Engine."""
        self._executor.shutdown(wait=False)  # and cancel what waits
        self._allow_failures(self._allowed)
        self._client.close()

"""Named semaphores and shared memory that a program may leave behind."""

from collections.abc import Iterable
from contextlib import suppress

from grader.run.records import Record, Resource
from grader.run.start import names_in_shared_memory


class ResourceKeeper:
    """Removes what one run made, of which nothing is named as what was there before it.

    `run` begins the names that multiprocessing chooses for the semaphores of this run: a
    process may be killed between making one and saying so.
    """

    def __init__(self, run: str, before: frozenset[str]) -> None:
        self._run = run
        self._before = before

    def remove(self, records: Iterable[Record]) -> None:
        """Remove what is named so, or by these records, and is still there."""
        for name in names_in_shared_memory():
            if name.startswith(f"sem.{self._run}-"):
                _unlink_semaphore(f"/{name.removeprefix('sem.')}")
        for record in records:
            if not isinstance(record, Resource):
                continue
            name = record.name.lstrip("/")
            if record.type == "semaphore" and f"sem.{name}" not in self._before:
                _unlink_semaphore(f"/{name}")
            elif record.type == "shared_memory" and name not in self._before:
                _unlink_shared_memory(f"/{name}")


def _unlink_semaphore(name: str) -> None:
    from _multiprocessing import sem_unlink  # type: ignore[import-not-found]  # private: no stubs

    with suppress(OSError, ValueError):
        sem_unlink(name)


def _unlink_shared_memory(name: str) -> None:
    from _posixshmem import shm_unlink  # type: ignore[import-not-found]  # private: no stubs

    with suppress(OSError, ValueError):
        shm_unlink(name)

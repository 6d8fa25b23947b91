"""The engine of a cluster: a real scheduler and real workers on this machine."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from distributed import Client

from grader.batch.cluster import ClusterEngine
from grader.batch.engine import EngineError, grade_all
from grader.batch.work import Graded, Task, ungraded
from tests.batch.classes import Q6, task
from tests.conftest import ROOT, needs_sandbox


def _dask(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def _said(process: subprocess.Popen[str], pattern: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(pattern, line):
            return found[1]
    pytest.fail("dask has ended")


def _kill(process: "subprocess.Popen[str]") -> None:
    """With all below it, as a nanny would first wait for its worker; but for those that take
    away the semaphores of both once they are gone.
    """
    own = psutil.Process(process.pid)
    for each in (own, *own.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            if not any("resource_tracker" in argument for argument in each.cmdline()):
                each.kill()
    process.communicate()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A scheduler with two workers."""
    folder = tmp_path_factory.mktemp("dask")
    local = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = _dask(folder, "scheduler", *local, "--port", "0")
    running = [scheduler]
    try:
        address = _said(scheduler, r"Scheduler at:\s+(tcp://\S+)")
        for _ in range(2):
            worker = _dask(folder, "worker", address, *local, "--nthreads", "1")
            running.append(worker)
        for worker in running[1:]:
            _said(worker, r"(Starting established connection|Registered to:)")
        yield address
    finally:
        for process in running:
            _kill(process)


class Hurt(ClusterEngine):
    """Its workers do not grade but do what a learner is called."""

    def submit(self, task: bytes) -> Future[bytes]:
        future: Future[bytes] = self._executor.submit(_act, task)
        return future


def _act(encoded: bytes) -> bytes:
    given = msgspec.json.decode(encoded, type=Task)
    what, _, where = given.learner.partition(" ")
    if what == "die" or (what == "die-once" and _is_first(where)):
        os.kill(os.getpid(), signal.SIGKILL)
    return msgspec.json.encode(ungraded(given, what))


def _is_first(where: str) -> bool:
    try:
        Path(where).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _grade(engine: ClusterEngine, *tasks: Task) -> dict[str, Graded]:
    found: list[Graded] = []
    try:
        for graded in grade_all(engine, tasks):
            found += graded
    finally:
        engine.stop()
    assert len(found) == len(tasks), "each exactly once"
    return {graded.learner: graded for graded in found}


def _note(graded: Graded) -> str:
    note: str = msgspec.json.decode(graded.exercises[0].report)["note"]
    return note


def test_a_submission_is_graded_by_a_worker_as_it_is_here(address: str) -> None:
    graded = _grade(ClusterEngine(address), task("ada", Q6), task("bob"))
    assert [(each.status, each.points) for each in graded["ada"].exercises] == [("passed", 10)]
    assert [each.status for each in graded["bob"].exercises] == ["failed"]


def test_a_worker_that_dies_costs_nothing(address: str, tmp_path: Path) -> None:
    names = ["well 1", f"die-once {tmp_path / 'mark'}", *(f"well {n}" for n in range(2, 8))]
    graded = _grade(Hurt(address), *map(task, names))
    assert {_note(each) for each in graded.values()} == {"well", "die-once"}


def test_a_second_death_is_the_finding_of_that_submission_alone(address: str) -> None:
    graded = _grade(Hurt(address), *map(task, ["well 1", "die", "well 2", "well 3"]))
    assert _note(graded.pop("die")) == (
        "the process that graded it was ended twice while it did, the second time alone"
    )
    assert {_note(each) for each in graded.values()} == {"well"}


def test_the_scheduler_is_left_as_it_was_also_after_one_that_was_killed(address: str) -> None:
    def allowed(dask_scheduler: Any) -> int:
        number: int = dask_scheduler.allowed_failures
        return number

    killed, engine = ClusterEngine(address), ClusterEngine(address)
    assert engine._client.run_on_scheduler(allowed) == 0
    killed._client.close()
    engine.stop()
    with Client(address, set_as_default=False) as client:
        assert client.run_on_scheduler(allowed) > 0


def test_no_workers_for_a_while_is_told_in_one_line(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = ClusterEngine(address)
    engine.check()
    monkeypatch.setattr(engine._client, "scheduler_info", lambda: {"workers": {}})
    engine.check()
    monkeypatch.setattr("grader.batch.cluster._WITHOUT_WORKERS", 0)
    with pytest.raises(EngineError, match="has had no workers for a minute"):
        engine.check()
    engine.stop()


def test_where_there_is_no_scheduler_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("grader.batch.cluster._PATIENCE", 0.5)
    with pytest.raises(EngineError, match=r"there is no dask scheduler at tcp://127\.0\.0\.1:1:"):
        ClusterEngine("tcp://127.0.0.1:1")


def test_workers_of_another_version_are_not_trusted(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.batch.cluster.KIT", "99.0")
    with pytest.raises(EngineError, match=r"the dask worker tcp://\S+ has 0\.1\.0, not 99\.0"):
        ClusterEngine(address)


@needs_sandbox
def test_workers_without_the_sandbox_that_is_required_are_refused(
    address: str, tmp_path: Path
) -> None:
    ClusterEngine(address, sandboxed=True).stop()
    local = ("--host", "127.0.0.1", "--no-dashboard", "--nthreads", "1")
    bare = _dask(tmp_path, "worker", address, *local, PATH=str(tmp_path))
    try:
        _said(bare, r"(Starting established connection|Registered to:)")
        with pytest.raises(EngineError, match="has no sandbox: bubblewrap is not installed"):
            ClusterEngine(address, sandboxed=True)
    finally:
        _kill(bare)


def test_a_scheduler_that_ends_is_told_in_one_line(tmp_path: Path) -> None:
    local = ("--host", "127.0.0.1", "--no-dashboard")
    scheduler = _dask(tmp_path, "scheduler", *local, "--port", "0")
    address = _said(scheduler, r"Scheduler at:\s+(tcp://\S+)")
    worker = _dask(tmp_path, "worker", address, *local)
    _said(worker, r"(Starting established connection|Registered to:)")
    engine = Hurt(address)

    def tasks() -> Iterator[Task]:
        yield task("well")
        for process in (scheduler, worker):
            _kill(process)
        while True:
            yield task("well")

    try:
        with pytest.raises(EngineError, match="What was graded is kept"):
            for _ in grade_all(engine, tasks()):
                pass
    finally:
        engine.stop()

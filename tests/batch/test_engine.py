"""The engine of this machine: real processes, which really die."""

import os
import signal
import time
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import count
from pathlib import Path

import msgspec
import psutil
import pytest

from grader.batch.engine import EngineError, LocalEngine, grade_all
from grader.batch.spare import CoreTimes, SpareCores
from grader.batch.work import Graded, Task, ungraded
from grader.run.scratch import new_base
from tests.batch.classes import task


class Hurt(LocalEngine):
    """Its workers do not grade but do what a learner is called."""

    def submit(self, task: bytes) -> Future[bytes]:
        return self._executor.submit(act, task)


def act(encoded: bytes) -> bytes:
    given = msgspec.json.decode(encoded, type=Task)
    what, _, where = given.learner.partition(" ")
    if what == "die" or (what == "die-once" and _is_first(where)):
        os.kill(os.getpid(), signal.SIGKILL)
    if what == "meet":
        Path(where, str(os.getpid())).touch()
        while len([*Path(where).iterdir()]) < 4:
            time.sleep(0.01)
    if what == "hang":
        Path(where).write_text(str(os.getpid()), encoding="utf-8")
        time.sleep(600)
    return msgspec.json.encode(ungraded(given, what))


def _is_first(where: str) -> bool:
    try:
        Path(where).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _outcomes(*learners: str) -> dict[str, str]:
    engine = Hurt(2, new_base())
    found: list[Graded] = []
    try:
        for graded in grade_all(engine, (task(learner) for learner in learners)):
            found += graded
    finally:
        engine.stop()
    assert len(found) == len(learners), "each exactly once"
    notes = {each.learner: msgspec.json.decode(each.exercises[0].report) for each in found}
    return {learner: report["note"] for learner, report in notes.items()}


def test_everything_is_graded_once() -> None:
    names = [f"well {number}" for number in range(9)]
    assert _outcomes(*names) == dict.fromkeys(names, "well")


def test_a_worker_that_dies_costs_nothing(tmp_path: Path) -> None:
    names = ["well 1", f"die-once {tmp_path / 'mark'}", "well 2", "well 3", "well 4", "well 5"]
    assert {*_outcomes(*names).values()} == {"well", "die-once"}


def test_a_second_death_is_the_finding_of_that_submission_alone() -> None:
    outcomes = _outcomes("well 1", "die", "well 2", "well 3", "well 4", "well 5")
    assert outcomes.pop("die") == (
        "the process that graded it was ended twice while it did, the second time alone"
    )
    assert {*outcomes.values()} == {"well"}


def test_two_that_kill_their_workers_do_not_harm_each_other_or_the_rest() -> None:
    outcomes = _outcomes("die", "die 2", "well 1", "well 2")
    assert [outcomes["well 1"], outcomes["well 2"]] == ["well", "well"]
    assert outcomes["die"] == outcomes["die 2"] != "well"


def test_no_more_is_read_than_is_worked_on() -> None:
    read = 0
    ahead = []

    def tasks() -> object:
        nonlocal read
        for number in range(40):
            read += 1
            yield task(f"well {number}")

    engine = Hurt(2, new_base())
    done = 0
    try:
        for graded in grade_all(engine, tasks()):  # type: ignore[arg-type]
            done += len(graded)
            ahead.append(read - done)
    finally:
        engine.stop()
    assert done == 40
    assert max(ahead) <= 3, "two that are graded, and one that is ready"


def test_more_are_graded_at_a_time_while_cores_have_nothing_to_do(tmp_path: Path) -> None:
    engine = Hurt(1, new_base(), most=4)
    seconds = count()
    engine._spare = SpareCores(lambda: CoreTimes(1, next(seconds), next(seconds)))
    most = max(number for number in range(1, 9) if engine.has_room(number - 1))
    try:
        found = [*grade_all(engine, (task(f"meet {tmp_path}") for _ in range(4)))]
    finally:
        engine.stop()
    assert sum(map(len, found)) == 4, "each waits for all four"
    assert most == 4


def test_to_stop_ends_every_worker_at_once_and_clears_its_files_away(tmp_path: Path) -> None:
    engine = Hurt(2, new_base())
    marks = [tmp_path / "0", tmp_path / "1"]
    for mark in marks:
        engine.submit(msgspec.json.encode(task(f"hang {mark}")))
    workers = [_pid_in(mark) for mark in marks]
    folder = engine._folder
    assert folder.is_dir()
    engine.stop()
    assert not [pid for pid in workers if psutil.pid_exists(pid)]
    assert not folder.exists()


def _pid_in(mark: Path) -> int:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if mark.exists() and (text := mark.read_text(encoding="utf-8")):
            return int(text)
        time.sleep(0.01)
    pytest.fail("no worker has begun")


def test_an_engine_of_which_nothing_more_will_come_is_not_waited_for() -> None:
    class Dead(Hurt):
        def submit(self, task: bytes) -> Future[bytes]:
            return Future()

        def check(self) -> None:
            raise EngineError("gone")

    engine = Dead(1, new_base())
    try:
        with pytest.raises(EngineError, match="gone"):
            next(grade_all(engine, [task("well")]))
    finally:
        engine.stop()


def test_what_works_at_once_is_begun_anew_only_after_a_death() -> None:
    class Counted(Hurt):
        pools = 0

        def _new_executor(self, workers: int) -> ProcessPoolExecutor:
            self.pools += 1
            return super()._new_executor(workers)

    engine = Counted(3, new_base())
    try:
        found = [*grade_all(engine, map(task, ["well 1", "die", "well 2", "well 3", "well 4"]))]
    finally:
        engine.stop()
    assert sum(map(len, found)) == 5
    assert engine.pools == 4, "the first, one for suspects, one after the second death, the rest"

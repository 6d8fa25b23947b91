"""What runs begin from: how it is started, and what it takes along."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import grader
from grader.run import keepers, wire
from grader.run.runner import run
from grader.run.spawned import Child, spawn
from tests.conftest import WAYS, Way, needs_sandbox, options_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are none")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has no keeper yet."""
    monkeypatch.setattr(keepers, "_here", keepers._Here())
    yield
    keepers.close()


@pytest.mark.parametrize("way", [way for way in WAYS if way != "portable"])
def test_no_descriptor_of_who_grades_or_of_the_kit_comes_to_a_program(
    program: Callable[..., Path], way: Way
) -> None:
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)  # as a shell leaves them
    path = program("import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])")
    try:
        for trace in (run(path, **options_of(way)), run(path, **options_of(way))):
            assert trace.text(trace.main.pid) == "[0, 1, 2]\n"
    finally:
        os.close(reader)
        os.close(writer)


def test_what_an_observer_needs_is_imported_once_the_first_run_was_asked_for() -> None:
    """Before that it would keep a learner waiting."""
    source = (
        f"import sys; sys.path.append({str(Path(grader.__file__).parent.parent)!r})\n"
        "import grader.run.keeper; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-IS", "-c", source], capture_output=True, encoding="utf-8", check=True
    )
    modules = set(done.stdout.split())
    assert "grader.run.zygote" in modules
    assert modules & {"grader.run.linux", "msgspec", "pathlib", "subprocess", "typing"} == set()


def test_the_first_run_of_a_keeper_is_made_ready_before_anybody_begins_it() -> None:
    keepers.prepare("programs", sandboxed=False)
    first = keepers._here.keepers["programs", False]._first
    assert first is not None
    assert wire.receive(first)[0] == wire.READY


def test_a_keeper_that_is_dismissed_ends_while_this_process_goes_on() -> None:
    keepers.prepare("programs", sandboxed=False)
    keepers.dismiss()
    assert keepers._here.keepers["programs", False]._process.ends_within(60)


def test_what_is_to_be_done_meanwhile_is_done_while_the_program_runs(
    program: Callable[..., Path],
) -> None:
    path = program("print(open('go on').read())")
    pipe = path.parent / "go on"
    os.mkfifo(pipe)

    def let_it_go_on() -> None:
        pipe.write_text("gone on")

    trace = run(path, meanwhile=let_it_go_on)
    assert trace.text(trace.main.pid) == "gone on\n"


def test_a_keeper_that_nothing_was_asked_of_ends_with_what_it_has_made_ready() -> None:
    keepers.prepare("programs", sandboxed=False)
    keeper = keepers._here.keepers["programs", False]
    keepers.close()
    assert not Path(f"/proc/{keeper.pid}").exists()


def test_a_child_tells_how_it_ended_as_often_as_it_is_asked() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    child = spawn([sys.executable, "-c", "raise SystemExit(3)"], {}, null, null)
    assert [child.wait(), child.wait(), child.is_running] == [3, 3, False]
    os.close(null)


def test_a_child_that_does_not_end_in_time_is_killed() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    child = spawn([sys.executable, "-c", "import signal; signal.pause()"], {}, null, null)
    assert not child.ends_within(0.0)
    child.kill()
    assert (child.wait(), child.is_running) == (-9, False)
    os.close(null)


def test_to_a_fork_of_this_process_a_child_has_ended() -> None:
    assert not Child(1).is_running


@needs_sandbox
def test_the_sandbox_that_was_found_to_be_there_is_the_one_of_the_next_run(
    program: Callable[..., Path],
) -> None:
    keepers.require_sandbox()
    keeper = keepers._here.keepers["programs", True]
    guard = keeper._guard
    assert guard
    keepers.require_sandbox()
    assert keeper._guard == guard
    assert run(program("print(1)"), sandbox="require").sandbox == "bubblewrap"
    assert (keeper._first, keeper._guard) == (None, 0)

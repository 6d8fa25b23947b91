"""After every run nothing of it is left, and a run never takes longer than it may.

The programs here detach processes on purpose; all of those end by themselves after a
minute at the latest, should the runner ever fail to end them.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from grader.run.runner import run
from grader.trace import Limits
from tests.conftest import Observe

HEAD = """
import os, signal, sys, time
import multiprocessing as mp
from multiprocessing import Process
def nap():
    time.sleep(60)
"""

DETACH = """
def detach():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(60)
        os._exit(0)
    os.wait()
"""


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process that runs in the program's folder, and no temporary file."""
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        yield
        assert list(Path(temporary).iterdir()) == []
    assert _processes_in(tmp_path) == []


def _processes_in(folder: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
        except (psutil.Error, OSError):
            continue
    return found


HANGS = {
    "sleeps": "time.sleep(60)",
    "busy loop": "while True: pass",
    "joins a child that never ends": "p = Process(target=nap); p.start(); p.join()",
    "ignores polite signals": (
        "for number in (signal.SIGTERM, signal.SIGINT): signal.signal(number, signal.SIG_IGN)\n"
        "time.sleep(60)"
    ),
    "stops itself": "os.kill(os.getpid(), signal.SIGSTOP)",
    "has detached a process": f"{DETACH}\ndetach()\ntime.sleep(60)",
}


@pytest.mark.parametrize("hang", HANGS)
def test_a_program_that_never_ends_is_stopped_with_all_its_descendants(
    observe: Observe, hang: str
) -> None:
    trace = observe(HEAD + HANGS[hang], seconds=1)
    assert trace.stopped_by == "time limit"
    assert trace.exit_code is None
    assert trace.main.killed


def test_the_limit_is_the_wall_time_of_the_run(observe: Observe) -> None:
    began = time.monotonic()
    trace = observe("import time; time.sleep(60)", seconds=0.7)
    assert time.monotonic() - began < 30
    assert 0.7 <= trace.duration < 30


def test_a_join_that_never_came_back_is_in_the_trace(observe: Observe) -> None:
    trace = observe(HEAD + HANGS["joins a child that never ends"], seconds=2)
    (wait,) = trace.waits
    (child,) = trace.of_kind("process")
    assert (wait.child, wait.ended, wait.saw_end) == (child.pid, None, False)
    assert child.waited == "never"
    assert child.killed


def test_a_detached_grandchild_is_reported_and_killed(attest: Observe) -> None:
    trace = attest(HEAD + DETACH + "detach()")
    left = [process for process in trace.processes if process.outlived]
    assert [(process.kind, process.killed) for process in left] == [("fork", True)]
    assert trace.exit_code == 0


def test_a_child_cut_off_by_os_exit_is_reported_with_name_and_target(observe: Observe) -> None:
    trace = observe(HEAD + "Process(target=nap, name='sleeper').start()\nos._exit(0)")
    left = [process for process in trace.processes if process.outlived]
    assert [(process.name, process.target) for process in left] == [("sleeper", "nap")]


def test_a_command_that_ends_soon_after_the_program_did_not_outlive_it(observe: Observe) -> None:
    trace = observe("import subprocess; subprocess.Popen(['true'])")
    assert not any(process.outlived for process in trace.processes)


def test_multiprocessings_own_helpers_do_not_count_as_left_over(observe: Observe) -> None:
    source = HEAD + "if __name__ == '__main__':\n p = Process(target=print); p.start(); p.join()"
    for method in ("spawn", "forkserver"):
        trace = observe(source, start_method=method)
        helpers = trace.of_kind("helper")
        assert helpers
        assert not any(process.outlived or process.killed for process in helpers)


RESOURCES = {
    "shared memory": "from multiprocessing.shared_memory import SharedMemory\n"
    "print(SharedMemory(create=True, size=100).name)",
    "a semaphore": "print('sem.' + mp.get_context('spawn').Semaphore()._semlock.name[1:])",
    "a queue": "print('sem.' + mp.get_context('spawn').Queue()._rlock._semlock.name[1:])",
    "temporary files": "import tempfile\ntempfile.mkstemp(); tempfile.mkdtemp()",
    "a folder without rights": "import tempfile\nos.chmod(tempfile.mkdtemp(), 0)",
}


@pytest.mark.parametrize("ending", ["", "os._exit(0)", "os.kill(os.getpid(), 9)", "nap()"])
@pytest.mark.parametrize("resource", RESOURCES)
def test_nothing_a_program_makes_is_left_however_it_ends(
    observe: Observe, resource: str, ending: str
) -> None:
    source = f"{HEAD}\n{RESOURCES[resource]}\n{ending}"
    trace = observe(source, seconds=2 if ending == "nap()" else 60)
    names = trace.text(trace.main.pid, "stdout").split()
    assert bool(names) == ("file" not in resource and "folder" not in resource)
    assert not [name for name in names if Path("/dev/shm", name).exists()]


def test_a_semaphore_is_removed_also_if_its_maker_died_before_it_could_say_so(
    observe: Observe,
) -> None:
    trace = observe(
        """
import _multiprocessing, os
from multiprocessing.synchronize import SemLock
name = SemLock._make_name()
_multiprocessing.SemLock(1, 1, 1, name, False)
print("sem." + name[1:], os.path.exists("/dev/shm/sem." + name[1:]))
os._exit(1)
"""
    )
    name, was_there = trace.text(trace.main.pid, "stdout").split()
    assert was_there == "True"
    assert not Path("/dev/shm", name).exists()


def test_what_only_claims_to_be_a_helper_is_reported_and_killed(attest: Observe) -> None:
    nap = "import time; time.sleep(60)"
    trace = attest(
        f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {nap!r}, "multiprocessing.resource_tracker"])
"""
    )
    (helper,) = trace.of_kind("helper")
    assert helper.outlived
    assert helper.killed


def test_what_a_helper_does_not_reap_is_no_reason_to_wait(attest: Observe) -> None:
    helper = """
import os, time
child = os.fork()
if not child: os._exit(0)
os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
print("there", flush=True)
time.sleep(60)
"""
    trace = attest(
        f"""
import subprocess, sys
command = [sys.executable, "-c", {helper!r}, "multiprocessing.resource_tracker"]
print(subprocess.Popen(command, stdout=subprocess.PIPE).stdout.readline())
"""
    )
    assert trace.exit_code == 0
    assert "there" in trace.text(trace.main.pid)


PLANTED = {
    "a pipe with no writer": "os.mkfifo(path)",
    "a link to an endless file": "os.symlink('/dev/zero', path)",
    "a folder": "os.mkdir(path)",
}


@pytest.mark.parametrize("thing", PLANTED)
def test_what_is_planted_among_the_reports_is_not_read(
    program: Callable[..., Path], thing: str
) -> None:
    source = f"""
import os
path = os.path.join(os.environ["GRADER_PROBE"].partition(":")[2], "1.jsonl")
{PLANTED[thing]}
"""
    trace = run(program(source), Limits(wall_time=60), observer="portable")
    assert trace.exit_code == 0


def test_a_folder_that_takes_all_rights_from_itself_is_removed(observe: Observe) -> None:
    source = """
        import os
        own = os.environ["TMPDIR"]
        top = os.path.dirname(own)
        os.chmod(own if top == "/" else top, 0)
    """
    assert observe(source).exit_code == 0


def test_shared_memory_that_was_there_before_is_left_alone(observe: Observe) -> None:
    existing = Path(f"/dev/shm/grader-test-{secrets.token_hex(8)}")
    existing.write_bytes(b"precious")
    try:
        observe(
            "from multiprocessing import resource_tracker\n"
            f"resource_tracker.register('/{existing.name}', 'shared_memory')\n"
            f"resource_tracker.unregister('/{existing.name}', 'shared_memory')\n"
        )
        assert existing.read_bytes() == b"precious"
    finally:
        existing.unlink()


def test_a_flood_is_counted_kept_at_both_ends_and_blocks_nobody(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def flood(letter):
    sys.stdout.write("first ")
    for _ in range(40):
        sys.stdout.write(letter * 100_000)
    sys.stdout.write(" last\\n")
if __name__ == "__main__":
    processes = [Process(target=flood, args=(letter,)) for letter in "ab"]
    for process in processes: process.start()
    for process in processes: process.join()
"""
    )
    dropped = {lost.pid: lost.dropped for lost in trace.truncated}
    for process in trace.of_kind("process"):
        text = trace.text(process.pid)
        assert len(text) == Limits().output
        assert len(text) + dropped[process.pid] == 4_000_000 + len("first  last\n")
        assert text.startswith("first ")
        assert text.endswith(" last\n")
        assert process.completed


def test_output_below_the_limit_is_kept_whole(observe: Observe) -> None:
    trace = observe(f"print('x' * {Limits().output - 1})")
    assert trace.truncated == ()
    assert len(trace.text(trace.main.pid)) == Limits().output


@pytest.mark.usefixtures("in_process")
def test_an_interrupted_observer_leaves_nothing(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.run.transcript.Transcript.add", interrupted)
    path = program(HEAD + "Process(target=nap).start()\nprint('go', flush=True)\nnap()")
    with pytest.raises(KeyboardInterrupt):
        run(path, observer="linux")


def test_a_run_leaves_other_children_of_this_process_alone(attest: Observe) -> None:
    import subprocess

    other = subprocess.Popen(["sleep", "60"], cwd="/")
    try:
        attest(HEAD + HANGS["has detached a process"], seconds=1)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_more_processes_than_descriptors_are_all_found_and_killed(
    program: Callable[..., Path],
) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (128, before[1]))
    try:
        source = (
            HEAD
            + """
for _ in range(150):
    if os.fork() == 0:
        time.sleep(60)
        os._exit(0)
os._exit(0)
"""
        )
        trace = run(program(source), Limits(wall_time=60, processes=1000), observer="linux")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert sum(process.outlived and process.killed for process in trace.processes) == 150

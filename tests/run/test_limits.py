"""A run that goes over a limit ends with that finding, and leaves nothing.

The programs end by themselves soon, should they not be stopped, and take little more than
the limits that they are given here.
"""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import exercise
from grader.mark import mark
from grader.run.runner import ObserverName, run
from grader.run.usage import Scratch, Usage, exceeded, sizes
from grader.trace import Limits
from tests.conftest import OBSERVERS

FEW = Limits(
    wall_time=60,
    cpu_time=1,
    memory=200 << 20,
    processes=12,
    file_size=2 << 20,
    open_files=80,
    scratch=8 << 20,
)

HOGS = {
    "cpu limit": "import time\nwhile time.process_time() < 20: pass",
    "memory limit": (
        "import time\nkept = []\nfor _ in range(34): kept.append(bytes([1]) * (8 << 20))\n"
        "time.sleep(20)"
    ),
    "process limit": (
        "import os, time\nfor _ in range(15):\n"
        "    if os.fork() == 0:\n        time.sleep(20)\n        os._exit(0)\n"
        "time.sleep(20)"
    ),
    "scratch limit": (
        "import tempfile, time\nfor _ in range(12):\n"
        "    tempfile.NamedTemporaryFile(delete=False).write(bytes(1 << 20))\n"
        "time.sleep(20)"
    ),
}

SAYS = {
    "cpu limit": "used more than 1 s of processor time",
    "memory limit": "took more than 200 MiB of memory",
    "process limit": "were more than 12 at once",
    "scratch limit": "wrote more than 8 MiB of temporary files",
}


@pytest.mark.parametrize("observer", OBSERVERS)
@pytest.mark.parametrize("limit", HOGS)
def test_a_run_over_a_limit_is_stopped_with_that_finding(
    program: Callable[..., Path], limit: str, observer: ObserverName
) -> None:
    trace = run(program(HOGS[limit]), FEW, observer=observer)
    assert (trace.stopped_by, trace.exit_code) == (limit, None)
    assert trace.limits == FEW
    assert trace.duration < 20
    (finding, *_rest) = mark(trace, exercise("q6")).checks
    assert finding.id == "ran_clean"
    assert SAYS[limit] in finding.message


def test_cpu_time_is_that_of_all_processes_together_also_of_those_that_ended(
    program: Callable[..., Path],
) -> None:
    source = """
import os, time
for _ in range(8):
    if os.fork() == 0:
        while time.process_time() < 0.3: pass
        os._exit(0)
    os.wait()
time.sleep(20)
"""
    trace = run(program(source), FEW)
    assert trace.stopped_by == "cpu limit"
    assert all((process.cpu_time or 0) < 0.9 for process in trace.processes)


def test_memory_that_forks_share_is_counted_once(program: Callable[..., Path]) -> None:
    source = """
import multiprocessing, time
kept = bytes([1]) * (60 << 20)
def look(event):
    event.wait()
if __name__ == "__main__":
    event = multiprocessing.Event()
    processes = [multiprocessing.Process(target=look, args=(event,)) for _ in range(6)]
    for process in processes: process.start()
    time.sleep(0.5)
    event.set()
    for process in processes: process.join()
"""
    assert run(program(source), FEW).exit_code == 0


REFUSED = {
    "open('big', 'wb').write(bytes(3 << 20))": "may have 2 MiB here.",
    "files = [open('/dev/null') for _ in range(90)]": "may have 80 files and pipes open",
    "kept = bytearray(2000 << 20)": "All processes together may take 200 MiB",
}


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit(2)")
@pytest.mark.parametrize("observer", OBSERVERS)
@pytest.mark.parametrize("line", REFUSED)
def test_what_the_system_refuses_one_process_is_named(
    program: Callable[..., Path], line: str, observer: ObserverName
) -> None:
    trace = run(program(line), FEW, observer=observer)
    assert trace.exit_code == 1
    assert REFUSED[line] in mark(trace, exercise("q3")).checks[0].message


def test_an_ordinary_program_is_within_all_limits(program: Callable[..., Path]) -> None:
    source = "import multiprocessing\nif __name__ == '__main__':\n"
    source += "    with multiprocessing.Pool() as pool: print(pool.map(abs, range(100)))"
    trace = run(program(source), Limits())
    assert (trace.stopped_by, trace.exit_code) == (None, 0)


def test_the_first_limit_that_is_passed_is_named() -> None:
    within = Usage(processes=12, cpu_time=1.0, memory=200 << 20, threads=FEW.threads)
    assert exceeded(within, FEW) is None
    assert exceeded(Usage(13, 1.0, 0), FEW) == "process limit"
    assert exceeded(Usage(1, 1.0, 0, FEW.threads + 1), FEW) == "process limit"
    assert exceeded(Usage(1, 1.1, 0), FEW) == "cpu limit"
    assert exceeded(Usage(1, 0.6, 0), FEW, ended=0.5) == "cpu limit"


def test_every_process_may_have_the_threads_of_a_library_that_computes() -> None:
    assert Limits(processes=4).threads == 1024
    assert Limits(processes=1000).threads >= 16_000


def test_a_folder_is_counted_with_all_below_it_a_block_for_each_file_at_least(
    tmp_path: Path,
) -> None:
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    (deep / "file").write_bytes(bytes(10_000))
    (deep / "empty").touch()
    (deep / "round").symlink_to(tmp_path)
    (tmp_path / "closed").mkdir(mode=0)
    assert sorted(sizes(str(tmp_path))) == [4096] * 5 + [10_000]


def test_a_folder_of_too_many_files_is_looked_at_a_stretch_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (tmp_path / f"{number}").touch()
    monkeypatch.setattr("grader.run.usage._LONGEST_LOOK", 0.0)
    scratch = Scratch(str(tmp_path), 9 * 4096)
    looks = [scratch.exceeded(float(look)) for look in range(1, 11)]
    assert looks == [None] * 9 + ["scratch limit"]


def test_a_folder_within_its_limit_is_so_at_every_look(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}").touch()
    scratch = Scratch(str(tmp_path), 9 * 4096)
    assert [scratch.exceeded(float(look)) for look in range(1, 11)] == [None] * 10

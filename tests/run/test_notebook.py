"""Real kernels: what becomes of a notebook's cells, and to whom what they print belongs."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

import nbformat
import pytest

from grader.run import notebook
from grader.run.kernel import Step
from grader.run.notebook import NotebookRun, run_notebook
from grader.run.rooms import room
from grader.settings import HOPELESS
from grader.trace import Limits, Trace
from tests.conftest import OBSERVERS, WAYS, options_of
from tests.run.test_containment import _processes_in

HEAD = """
import os, signal, sys
from multiprocessing import Event, Pipe, Pool, Process
def show(word):
    print(word, os.getpid())
"""

Execute = Callable[..., NotebookRun]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of the notebook."""
    own = tmp_path / "work"
    own.mkdir()
    return own


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No process that runs in the notebook's folder, no file there, no temporary file."""
    with room("auto", "kernels", "linux"):
        pass  # what it keeps for later runs is in the folder of those before
    with tempfile.TemporaryDirectory(dir="/tmp") as temporary:
        monkeypatch.setattr(tempfile, "tempdir", temporary)
        yield
        assert list(Path(temporary).iterdir()) == []
    assert _processes_in(tmp_path / "work") == []


@pytest.fixture(params=WAYS)
def execute(request: pytest.FixtureRequest, folder: Path) -> Execute:
    """Runs the cells of a notebook in each way in turn."""
    return _executing(folder, **options_of(request.param))


@pytest.fixture
def attest(folder: Path) -> Execute:
    """Runs the cells of a notebook under the observer with the kernel's evidence."""
    return _executing(folder, observer="linux")


@pytest.fixture(params=[True, False], ids=["warm", "cold"])
def begin(request: pytest.FixtureRequest, folder: Path) -> Execute:
    """Runs the cells of a notebook in a kernel that begins warm, and in one that does not."""
    return _executing(folder, observer="linux", warm=request.param)


def _executing(folder: Path, **chosen: Any) -> Execute:
    def execute(*cells: str, seconds: float = 60, **options: Any) -> NotebookRun:
        # A busy machine may be slow; only tests of the limit itself set a lower one.
        steps = [Step(index, dedent(source)) for index, source in enumerate(cells)]
        limits = Limits(wall_time=seconds)
        return run_notebook(folder / "q6.ipynb", steps, limits, **chosen | options)

    return execute


def _only(ran: NotebookRun) -> Trace:
    (trace,) = ran.traces
    return trace


def _statuses(ran: NotebookRun) -> list[tuple[int, str]]:
    return [(cell.index, cell.status) for trace in ran.traces for cell in trace.cells]


def _text(ran: NotebookRun, cell: int, name: str = "stdout") -> str:
    """What stands in a stream below a cell."""
    outputs = [o for o in ran.outputs[cell] if o.output_type == "stream" and o.name == name]
    return "".join(output.text for output in outputs)


def _kinds(ran: NotebookRun, cell: int) -> list[str]:
    return [output.output_type for output in ran.outputs[cell]]


# -- who did what in which cell ------------------------------------------------------------


def test_each_childs_prints_have_its_own_pid_and_the_cell_that_started_it(
    execute: Execute,
) -> None:
    ran = execute(
        HEAD,
        "print('kernel', os.getpid())",
        """
        children = [Process(target=show, args=(word,)) for word in "abc"]
        for child in children: child.start()
        for child in children: child.join()
        """,
    )
    trace = _only(ran)
    said = {word: int(pid) for write in trace.writes for word, pid in _pairs(write.text)}
    assert said["kernel"] == trace.main.pid
    for number, word in enumerate("abc"):
        process = trace.of_kind("process")[number]
        assert process.pid == said[word]
        assert trace.text(process.pid) == f"{word} {process.pid}\n"
        assert (process.name, process.target) == (f"Process-{number + 1}", "show")
    assert [write.cell for write in trace.writes] == [1, 2, 2, 2]
    assert sorted(_text(ran, 2).split()[::2]) == ["a", "b", "c"]


def _pairs(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_what_a_child_prints_after_its_cell_ended_is_found_below_that_cell(
    execute: Execute,
) -> None:
    ran = execute(
        HEAD,
        """
        def wait_and_show(go):
            go.wait()
            show("late")
        go = Event()
        child = Process(target=wait_and_show, args=(go,))
        child.start()
        """,
        "print('between')",
        "go.set(); child.join(); print('after')",
    )
    trace = _only(ran)
    (child,) = trace.of_kind("process")
    assert [_text(ran, cell) for cell in (1, 2, 3)] == [
        f"late {child.pid}\n",
        "between\n",
        "after\n",
    ]
    assert (child.cell, child.waited) == (1, "joined")
    late = next(write for write in trace.writes if write.pid == child.pid)
    assert late.time >= trace.cells[3].began


def test_processes_waits_pools_and_clues_belong_to_their_cells(execute: Execute) -> None:
    ran = execute(
        HEAD,
        "first = Process(target=show, args=(1,)); first.start()",
        "with Pool(2) as pool: print(pool.map(abs, [-1, -2, -3]))",
        "first.join()\nnever = Process(target=show)",
        "second = Process(target=show, args=(2,)); second.start(); second.join()",
        "Process(target=show(3)).start()",
    )
    trace = _only(ran)
    assert [(p.cell, p.waited) for p in trace.of_kind("process")][:2] == [
        (1, "joined"),
        (4, "joined"),
    ]
    assert {worker.cell for worker in trace.of_kind("worker")} == {2}
    (pool,) = trace.pools
    assert (pool.cell, pool.asked, pool.shutdown) == (2, 2, "with")
    assert sum(worker.tasks for worker in pool.workers) > 0
    # A wait answers for the process that is waited for, wherever that is done.
    pids = [process.pid for process in trace.of_kind("process")]
    assert [wait.cell for wait in trace.waits if wait.child in pids[:2]] == [1, 4]
    assert [(each.target, each.cell) for each in trace.unstarted] == [("show", 3)]
    assert [clue.cell for clue in trace.signs("target called")] == [5]


def test_a_cell_knows_what_the_cells_above_it_made(execute: Execute) -> None:
    ran = execute("x = 20", "y = x + 1", "print(x + y, __name__)")
    assert _text(ran, 2) == "41 __main__\n"
    assert [cell.index for cell in _only(ran).cells] == [0, 1, 2]


def test_only_the_cells_that_are_asked_for_are_run_each_by_its_index(
    folder: Path,
) -> None:
    steps = [Step(None, "x = 1; print('no cell')"), Step(7, "print(x)"), Step(4, "print(2)")]
    ran = run_notebook(folder / "q6.ipynb", steps, Limits(wall_time=60))
    assert _statuses(ran) == [(7, "ok"), (4, "ok")]
    assert (_text(ran, 7), _text(ran, 4)) == ("1\n", "2\n")
    assert sorted(ran.outputs) == [4, 7]


# -- how a cell may end --------------------------------------------------------------------

CALM = {
    "1 + 1": "ok",
    "x = 1 / 0": "error",
    "x = = 1": "error",
    "import sys; sys.exit()": "ok",
    "import sys; sys.exit(0)": "ok",
    "import sys; sys.exit(3)": "error",
    "input()": "error",
    "import getpass; getpass.getpass()": "error",
    "%nothing_such": "error",
    "await nothing": "error",
}


def test_an_error_ends_its_cell_and_neither_the_kernel_nor_the_notebook(
    execute: Execute,
) -> None:
    ran = execute("marker = 'still here'", *CALM, "print(marker)")
    assert [status for _index, status in _statuses(ran)] == ["ok", *CALM.values(), "ok"]
    assert _text(ran, len(CALM) + 1) == "still here\n"


def test_an_error_says_what_was_raised_and_where(execute: Execute) -> None:
    ran = execute(
        "def divide():\n    return 1 / 0", "x = 1\ny = 2\ndivide()", "ok = 1", "a =\n", "int('x')"
    )
    errors = {cell.index: cell.error for cell in _only(ran).cells}
    assert [index for index, error in errors.items() if error] == [1, 3, 4]
    first, second, third = errors[1], errors[3], errors[4]
    assert first is not None
    assert (first.text, first.file, first.line) == (
        "ZeroDivisionError: division by zero",
        "cell 2",
        2,
    )
    assert second is not None
    assert second.text.startswith("SyntaxError: invalid syntax")
    assert (second.file, second.line) == ("cell 4", 1)
    assert third is not None
    assert (third.text.split(":")[0], third.line) == ("ValueError", 1)
    assert _kinds(ran, 1) == ["error"]
    assert ran.outputs[1][0].ename == "ZeroDivisionError"


FATAL = {
    "os._exit(7)": ("died", 7),
    "os._exit(0)": ("died", 0),
    "os.kill(os.getpid(), signal.SIGKILL)": ("died", -9),
    "os.abort()": ("died", -6),
}


@pytest.mark.parametrize("ending", FATAL)
def test_a_cell_that_ends_its_kernel_costs_only_itself(execute: Execute, ending: str) -> None:
    asked: list[Sequence[Step]] = []

    def needs(left: Sequence[Step]) -> str:
        asked.append(left)
        return "print('set up'); word = 'anew'"

    ran = execute(HEAD, ending, "print(word, 'show' in dir())", "print('last')", needs=needs)
    status, code = FATAL[ending]
    first, second = ran.traces
    assert _statuses(ran) == [(0, "ok"), (1, status), (2, "ok"), (3, "ok")]
    assert [cell.index for cell in first.cells] == [0, 1]
    assert first.exit_code == code
    assert [[step.index for step in left] for left in asked] == [[2, 3]]
    # What sets it up is no cell's, and neither is what it prints.
    assert sorted(ran.outputs) == [0, 1, 2, 3]
    assert [_text(ran, cell) for cell in (2, 3)] == ["anew False\n", "last\n"]
    assert [write.cell for write in second.writes] == [None, 2, 3]


@pytest.mark.parametrize("call", ["quit()", "exit()", "get_ipython().ask_exit()"])
def test_quit_does_not_end_the_kernel_under_the_feet_of_the_next_cell(
    execute: Execute, call: str
) -> None:
    ran = execute("word = 'kept'", call, "print(word)")
    assert _statuses(ran) == [(0, "ok"), (1, "ok"), (2, "ok")]
    assert (len(ran.traces), _text(ran, 2)) == (1, "kept\n")


def test_a_cell_that_takes_too_long_costs_only_itself(execute: Execute) -> None:
    ran = execute(HEAD, "signal.pause()", "print('after')", seconds=3)
    assert _statuses(ran) == [(0, "ok"), (1, "time limit"), (2, "ok")]
    first, _second = ran.traces
    assert first.cells[1].ended - first.cells[1].began >= 3
    assert first.main.killed
    assert _text(ran, 2) == "after\n"


def test_a_limit_may_be_a_part_of_a_second(attest: Execute) -> None:
    ran = attest("import signal; signal.pause()", "print('after')", seconds=2.5)
    assert _statuses(ran) == [(0, "time limit"), (1, "ok")]


def test_several_culprits_in_a_row_cost_a_kernel_each(attest: Execute) -> None:
    ran = attest("import os; os._exit(1)", "import os; os._exit(2)", "print('last')")
    assert [trace.exit_code for trace in ran.traces][:2] == [1, 2]
    assert _statuses(ran) == [(0, "died"), (1, "died"), (2, "ok")]


def test_what_sets_a_kernel_up_may_end_it_and_the_cells_that_are_left_run_all_the_same(
    attest: Execute,
) -> None:
    asked = 0

    def needs(left: Sequence[Step]) -> str:
        nonlocal asked
        asked += 1
        assert asked < 9, "it would go on like this until its time is up"
        return "import os; os._exit(1)"

    ran = attest("import os; os._exit(1)", "print('one')", "print('two')", needs=needs)
    assert _statuses(ran)[0] == (0, "died")
    assert _text(ran, 2) == "two\n"


def test_all_cells_together_may_take_no_longer_than_the_whole_limit(
    attest: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "WHOLE", 1.5)
    hang = "import signal; signal.pause()"
    began = time.monotonic()
    ran = attest(hang, hang, hang, hang, seconds=2)
    assert time.monotonic() - began < 60
    assert {status for _index, status in _statuses(ran)} == {"time limit"}
    assert len(_statuses(ran)) < 4


# -- what a cell may be --------------------------------------------------------------------


def test_magics_commands_and_await_work_as_in_jupyter(attest: Execute) -> None:
    ran = attest(
        "%%time\nprint('timed')",
        "!echo $$",
        "!echo wrong >&2",
        "files = !echo one two\nfiles",
        "import asyncio\nawait asyncio.sleep(0)\nprint('awaited')",
        "%%bash\necho from bash",
        "import subprocess; _ = subprocess.run(['echo', 'run'])",
        "print('shown')\nprint?",
        "%%capture hidden\nprint('captured')",
        "print(hidden.stdout, end='')",
    )
    trace = _only(ran)
    assert {status for _index, status in _statuses(ran)} == {"ok"}
    assert _text(ran, 0).startswith("timed\nCPU times: ")
    assert _text(ran, 2, "stderr") == "wrong\n"
    assert ran.outputs[3][0].data["text/plain"] == "['one two']"
    assert [_text(ran, cell) for cell in (4, 5, 6, 7, 8, 9)] == [
        "awaited\n",
        "from bash\n",
        "run\n",
        "shown\n",
        "",
        "captured\n",
    ]
    commands = {program.cell: program for program in trace.of_kind("program")}
    assert sorted(cell for cell in commands if cell is not None) == [1, 2, 3, 5, 6]
    # A command's output is its own, not the kernel's.
    assert int(_text(ran, 1)) == commands[1].pid
    assert [write.pid for write in trace.writes if write.cell == 1] == [commands[1].pid]
    assert [write.pid for write in trace.writes if write.cell == 6] == [commands[6].pid]


def test_results_and_displays_are_outputs(execute: Execute) -> None:
    ran = execute(
        "6 * 7",
        "None",
        "display({'text/plain': 'plain', 'text/html': '<b>rich</b>'}, raw=True)",
        "handle = display('first', display_id=True); handle.update('second')",
        "display(1); display(2)\n3",
    )
    assert [_kinds(ran, cell) for cell in range(5)] == [
        ["execute_result"],
        [],
        ["display_data"],
        ["display_data"],
        ["display_data", "display_data", "execute_result"],
    ]
    assert ran.outputs[0][0].data == {"text/plain": "42"}
    assert ran.outputs[2][0].data["text/html"] == "<b>rich</b>"
    assert ran.outputs[3][0].data == {"text/plain": "'second'"}
    assert [output.data["text/plain"] for output in ran.outputs[4]] == ["1", "2", "3"]


def test_what_was_printed_stands_before_the_result_or_the_error_that_came_after(
    execute: Execute,
) -> None:
    ran = execute(HEAD, "print('a'); show('b')\n42", "print('c'); 1 / 0")
    assert _kinds(ran, 1)[-1] == "execute_result"
    assert _kinds(ran, 2)[-1] == "error"
    assert {*_kinds(ran, 1)[:-1], *_kinds(ran, 2)[:-1]} == {"stream"}
    assert _text(ran, 1).split()[:2] == ["a", "b"]


def test_what_a_child_prints_stands_between_what_the_kernel_prints_around_it(
    execute: Execute,
) -> None:
    ran = execute(
        HEAD,
        """
        print("before")
        child = Process(target=show, args=("child",)); child.start(); child.join()
        print("after")
        """,
    )
    assert [line.split()[0] for line in _text(ran, 1).splitlines()] == ["before", "child", "after"]


def test_outputs_are_what_nbformat_allows(attest: Execute) -> None:
    ran = attest("print(1); display(2)\n3", "1 / 0", "!echo 4")
    cells = [nbformat.v4.new_code_cell("", outputs=outputs) for outputs in ran.outputs.values()]
    nbformat.validate(nbformat.v4.new_notebook(cells=cells))


# -- what is left --------------------------------------------------------------------------


def test_a_process_that_still_runs_at_the_end_has_outlived_the_notebook_and_is_killed(
    execute: Execute,
) -> None:
    ran = execute(HEAD, "Process(target=signal.pause).start()", seconds=3)
    (process,) = _only(ran).of_kind("process")
    assert (process.outlived, process.killed, process.cell) == (True, True, 1)
    assert _statuses(ran) == [(0, "ok"), (1, "ok")]


def test_a_daemon_that_still_runs_at_the_end_is_ended_as_at_the_end_of_a_program(
    execute: Execute,
) -> None:
    (process,) = _only(execute(HEAD, DAEMON)).of_kind("process")
    assert (process.outlived, process.killed, process.terminated) == (False, False, True)


DAEMON = "Process(target=signal.pause, daemon=True).start()"


def test_a_process_that_ends_by_itself_is_awaited_as_at_the_end_of_a_program(
    execute: Execute,
) -> None:
    ran = execute(HEAD, "child = Process(target=show, args=(1,)); child.start()")
    (child,) = _only(ran).of_kind("process")
    assert (child.outlived, child.exit_code, child.completed) == (False, 0, True)
    assert child.waited in ("at exit", "never")  # never: it had ended before


LEFTOVERS = """
import multiprocessing, tempfile
from multiprocessing.shared_memory import SharedMemory
names = [
    SharedMemory(create=True, size=100).name,
    "sem." + multiprocessing.get_context("spawn").Semaphore()._semlock.name[1:],
]
print(*names, flush=True)
tempfile.mkstemp()
tempfile.mkdtemp()
"""


@pytest.mark.parametrize(
    "ending", ["", "1 / 0", "import os; os._exit(0)", "import signal; signal.pause()"]
)
def test_nothing_a_notebook_makes_is_left_however_it_ends(execute: Execute, ending: str) -> None:
    ran = execute(HEAD, LEFTOVERS, ending, seconds=3 if "pause" in ending else 60)
    names = _text(ran, 1).split()
    assert len(names) == 2
    assert not [name for name in names if Path("/dev/shm", name).exists()]


def test_a_detached_grandchild_is_killed(attest: Execute) -> None:
    ran = attest(
        HEAD,
        """
        ours, theirs = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(theirs, str(os.getpid()).encode())
                while True: signal.pause()
            os._exit(0)
        os.wait()
        print(os.read(ours, 9).decode())
        """,
    )
    left = [process for process in _only(ran).processes if process.outlived]
    assert [(process.pid, process.killed) for process in left] == [(int(_text(ran, 1)), True)]


@pytest.mark.usefixtures("in_process")
def test_an_interrupted_observer_leaves_nothing(
    attest: Execute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.run.transcript.Transcript.add", interrupted)
    with pytest.raises(KeyboardInterrupt):
        attest(HEAD, "Process(target=signal.pause).start(); print('go'); signal.pause()")


GRADER = """
import sys
from pathlib import Path
from grader.run.kernel import Step
from grader.run.notebook import run_notebook
from grader.trace import Limits

path, observer, *cells = sys.argv[1:]
steps = [Step(index, cell) for index, cell in enumerate(cells)]
try:
    run_notebook(Path(path), steps, Limits(wall_time=60), observer=observer)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.parametrize("observer", OBSERVERS)
def test_ctrl_c_ends_the_grader_at_once_and_leaves_nothing(folder: Path, observer: str) -> None:
    # The notebook itself presses it, as a terminal does: for all that run in the foreground.
    grader = subprocess.Popen(
        [
            *(sys.executable, "-c", GRADER, folder / "q6.ipynb", observer),
            "import os, signal\nfrom multiprocessing import Process",
            "Process(target=signal.pause).start()",
            f"{LEFTOVERS}\nopen('names', 'w').write(' '.join(names))",
            "os.killpg(int(open('grader').read()), signal.SIGINT); signal.pause()",
        ],
        env={**os.environ, "TMPDIR": tempfile.gettempdir()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    (folder / "grader").write_text(str(grader.pid))
    out, err = grader.communicate(timeout=100)
    assert (grader.returncode, out, err) == (0, "interrupted\n", "")
    names = (folder / "names").read_text().split()
    assert len(names) == 2
    assert not [name for name in names if Path("/dev/shm", name).exists()]


# -- where it runs -------------------------------------------------------------------------


def test_it_runs_in_its_folder_and_can_import_what_lies_there(
    begin: Execute, folder: Path
) -> None:
    (folder / "beside.py").write_text("def work(): print('from beside')")
    ran = begin(
        "import os; print(os.getcwd())",
        """
        import beside, multiprocessing
        child = multiprocessing.Process(target=beside.work); child.start(); child.join()
        """,
    )
    assert _text(ran, 0) == f"{folder}\n"
    assert _text(ran, 1) == "from beside\n"
    assert [path.name for path in folder.iterdir()] == ["beside.py"]


def test_a_persons_own_ipython_is_neither_used_nor_touched(
    begin: Execute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / ".ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "00.py").write_text("print('startup'); persons = 1")
    for name in ("ipython_config.py", "ipython_kernel_config.py"):
        (profile / name).write_text("print('config')\nc.IPKernelApp.exec_lines = ['persons = 1']")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(profile.parent))
    monkeypatch.setenv("PYTHONSTARTUP", str(profile / "startup" / "00.py"))
    before = sorted(path for path in tmp_path.rglob("*"))
    ran = begin("print('persons' in dir())", "print(get_ipython().history_manager.enabled)")
    assert [_text(ran, cell) for cell in (0, 1)] == ["False\n", "False\n"]
    assert [write.text for write in _only(ran).writes] == ["False\n", "False\n"]
    assert sorted(path for path in tmp_path.rglob("*")) == before


# -- other systems -------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_elsewhere_a_function_of_a_notebook_is_not_found_and_that_ends_the_run(
    execute: Execute, method: str
) -> None:
    ran = execute(
        HEAD,
        # A pool goes on for ever to replace the workers that fail.
        "with Pool(2) as pool: pool.map(show, [1, 2])",
        "print('never')",
        start_method=method,
        stop_at=HOPELESS,
    )
    trace = ran.traces[0]
    assert (trace.start_method, trace.stopped_by) == (method, "sign")
    (*_, clue) = trace.signs("function not found")
    assert "show" in clue.detail
    assert clue.cell == 1


# -- warm kernels --------------------------------------------------------------------------

VARIED = [
    HEAD,
    "first = Process(target=show, args=(1,), name='first'); first.start(); first.join()",
    "with Pool(2) as pool: print(pool.map(abs, [-1]))",
    "!true",
    "Process(target=show, args=5)",
    "daemon = Process(target=signal.pause, daemon=True); daemon.start()",
    "def fail(): raise ValueError('in child')",
    "last = Process(target=fail); last.start(); last.join()",
    "print('to stderr', file=sys.stderr)\n6 * 7",
    "1 / 0",
]


def _facts(ran: NotebookRun) -> object:
    """What a run came to, without PIDs and times."""
    trace = _only(ran)
    names = {process.pid: process.name for process in trace.processes}
    return {
        "run": (trace.start_method, trace.evidence, trace.exit_code, trace.stopped_by),
        "cells": [(cell.index, cell.status, cell.error is None) for cell in trace.cells],
        "processes": sorted(
            (str(p.cell), p.kind, p.name, p.target, p.exit_code, p.waited, p.completed, p.killed)
            for p in trace.processes[1:]
            if p.kind != "worker"  # of these with luck one does it all, and ends by itself
        ),
        "workers": len(trace.of_kind("worker")),
        "pools": [(p.asked, p.size, p.shutdown, p.functions, p.cell) for p in trace.pools],
        "clues": [(c.sign, c.detail, c.cell) for c in trace.clues],
        # How many records a process's prints make is a matter of time.
        "writers": sorted({(str(w.cell), names[w.pid], w.stream) for w in trace.writes}),
        "outputs": {cell: {*_kinds(ran, cell)} for cell in ran.outputs},
        "ignored": trace.ignored_records,
    }


def test_a_warm_kernel_and_a_cold_one_give_the_same_trace(attest: Execute) -> None:
    assert _facts(attest(*VARIED, warm=True)) == _facts(attest(*VARIED, warm=False))


TELL = """
import asyncio, gc, json, multiprocessing, os, random, resource, signal, socket, sys, threading
told = {
    "argv": sys.argv[:1],
    "path": sys.path,
    "flags": repr(sys.flags),
    "name": __name__,
    "environment": sorted({*os.environ} - {"PYDEVD_USE_FRAME_EVAL"}),  # the debugger's
    "descriptors": sorted(
        os.readlink(f"/proc/self/fd/{fd}").partition(":")[0]
        for fd in os.listdir("/proc/self/fd") if int(fd) < 3
    ),
    "signals": [str(signal.getsignal(number)) for number in (2, 13, 15)],
    "blocked": sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, ()))),
    "is leader": os.getsid(0) == os.getpid(),
    "streams": [
        (s.encoding, s.errors, s.line_buffering, s.isatty(), s.fileno())
        for s in (sys.stdin, sys.stdout, sys.stderr)
    ],
    "umask": os.umask(0o22),
    "limits": [resource.getrlimit(number) for number in range(10)],
    "threads": threading.active_count(),
    "collected": (gc.isenabled(), gc.get_threshold()),
    "method": multiprocessing.get_start_method(),
    "children": multiprocessing.active_children(),
    "main": threading.current_thread() is threading.main_thread(),
    "recursion": sys.getrecursionlimit(),
    "names": sorted(name for name in dir() if not name.startswith("_")),
}
print(json.dumps(told))
"""


def test_a_warm_kernel_finds_what_a_cold_one_finds(attest: Execute) -> None:
    in_warm, in_cold = (json.loads(_text(attest(TELL, warm=each), 0)) for each in (True, False))
    assert in_warm == in_cold


SECRETS = """
import multiprocessing, random, secrets, tempfile, uuid
print(random.random(), random.Random().random(), secrets.token_hex(), uuid.uuid4(), end=" ")
print(bytes(multiprocessing.current_process().authkey).hex(), end=" ")
print(next(tempfile._get_candidate_names()))
"""
MARKS = """
import builtins, os, sys, tempfile
print("left" in dir(), hasattr(builtins, "left"), "left" in os.environ, "left" in sys.modules,
      "/left" in sys.path, os.getcwd() == "/", os.listdir(tempfile.gettempdir()))
left = builtins.left = 1
os.environ["left"] = sys.modules["left"] = "1"
sys.path.append("/left")
os.chdir("/")
tempfile.mkstemp()
"""


def test_two_warm_kernels_in_a_row_share_nothing(attest: Execute) -> None:
    first, second = (attest(MARKS, SECRETS) for _ in range(2))
    for ran in (first, second):
        assert _text(ran, 0).split()[:6] == ["False"] * 6
        assert _text(ran, 0).endswith("[]\n")
    one, other = (_text(ran, 1).split() for ran in (first, second))
    assert len(one) == len(other) == 6
    assert not {*one} & {*other}

"""A program under observation behaves as it does under `python q6.py`."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run.environment import environment
from grader.run.places import SUBMISSION
from grader.run.runner import run
from grader.trace import Trace
from tests.conftest import Observe

TELL = """
    import sys, json
    print(json.dumps({
        "name": __name__, "file": __file__, "argv": sys.argv, "path": sys.path,
        "flags": repr(sys.flags), "modules": sorted(sys.modules),
    }))
"""


def _alone(path: Path) -> subprocess.CompletedProcess[str]:
    """The same program as a learner runs it, without any of ours."""
    env = environment(os.environ, str(path.parent), None)
    del env["PYTHONPATH"]
    command = [sys.executable, path.name]
    return subprocess.run(
        command, cwd=path.parent, env=env, capture_output=True, text=True, check=False
    )


def _folder(trace: Trace, own: Path) -> str:
    """Where the program saw itself: in its own folder, or in the sandbox's copy of that."""
    return str(own) if trace.sandbox == "off" else SUBMISSION


def test_name_file_arguments_path_and_flags_are_those_of_a_plain_run(
    observe: Observe, program: Callable[..., Path], tmp_path: Path
) -> None:
    trace = observe(TELL)
    observed = json.loads(trace.writes[0].text)
    alone = _alone(program(TELL)).stdout
    plain = json.loads(alone.replace(str(tmp_path), _folder(trace, tmp_path)))
    for known in ("name", "file", "argv", "path", "flags"):
        assert observed[known] == plain[known]


def test_no_public_module_is_loaded_that_a_plain_run_would_not_load(
    observe: Observe, program: Callable[..., Path]
) -> None:
    observed = json.loads(observe(TELL).writes[0].text)
    plain = json.loads(_alone(program(TELL)).stdout)
    added = {name for name in observed["modules"] if not name.startswith(("_", "grader_probe"))}
    assert added - set(plain["modules"]) <= {"sitecustomize", "atexit"}


@pytest.mark.parametrize("name", ["random", "json", "socket", "typing", "struct"])
def test_a_file_named_like_a_standard_module_beside_the_program_wins(
    observe: Observe, program: Callable[..., Path], name: str
) -> None:
    program("WHO = 'the learner'", f"{name}.py")
    trace = observe(f"import {name}; print({name}.WHO)")
    assert trace.text(trace.main.pid) == "the learner\n"


def test_a_file_called_multiprocessing_hides_the_module_and_the_trace_says_so(
    observe: Observe, program: Callable[..., Path], tmp_path: Path
) -> None:
    path = program("", "multiprocessing.py")
    trace = observe("import multiprocessing; multiprocessing.Process")
    assert trace.exit_code == 1
    assert [clue.detail for clue in trace.signs("shadowed module")] == [
        f"{_folder(trace, tmp_path)}/{path.name}"
    ]


def test_a_sitecustomize_beside_the_program_is_not_run_as_in_a_plain_run(
    observe: Observe, program: Callable[..., Path]
) -> None:
    program("print('hijacked')", "sitecustomize.py")
    trace = observe("print('program')")
    assert trace.text(trace.main.pid) == "program\n"


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("", 0),
        ("sys.exit(3)", 3),
        ("sys.exit('no')", 1),
        ("raise ValueError", 1),
        ("os._exit(7)", 7),
        ("os.kill(os.getpid(), 9)", -9),
        ("os.abort()", -6),
    ],
)
def test_the_exit_code_is_the_programs_own(observe: Observe, ending: str, code: int) -> None:
    assert observe(f"import os, sys\n{ending}\n").exit_code == code


def test_exit_handlers_run_in_their_order_and_can_print(observe: Observe) -> None:
    trace = observe("""
        import atexit
        atexit.register(print, "first registered")
        import multiprocessing
        atexit.register(print, "last registered")
    """)
    assert trace.text(trace.main.pid) == "last registered\nfirst registered\n"


def test_standard_input_is_empty(observe: Observe) -> None:
    trace = observe("import sys; print(repr(sys.stdin.read()))")
    assert trace.text(trace.main.pid) == "''\n"


def test_the_program_sees_no_descriptor_that_a_plain_run_has_not(attest: Observe) -> None:
    trace = attest("import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])")
    assert trace.text(trace.main.pid) == "[0, 1, 2]\n"


def test_output_is_decoded_as_utf_8_in_any_locale(
    observe: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "POSIX")
    monkeypatch.setenv("PYTHONIOENCODING", "latin-1")
    trace = observe("print('größe 数')")
    assert trace.text(trace.main.pid) == "größe 数\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PYTHONSTARTUP", "/nowhere.py"),
        ("PYTHONPATH", "/nowhere"),
        ("PYTHONUNBUFFERED", "1"),
        ("PYTHONWARNINGS", "error"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONOPTIMIZE", "2"),
        ("SECRET_TOKEN", "hush"),
    ],
)
def test_the_graders_environment_does_not_reach_the_program(
    observe: Observe, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    trace = observe(f"import os; print(os.environ.get({name!r}))")
    assert value not in trace.text(trace.main.pid)
    assert trace.exit_code == 0


def test_the_program_runs_in_its_own_folder_wherever_it_is_graded_from(
    observe: Observe, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    trace = observe("import os; print(os.getcwd())")
    assert trace.text(trace.main.pid) == f"{_folder(trace, tmp_path)}\n"


def test_no_bytecode_is_left_beside_the_program(
    observe: Observe, program: Callable[..., Path], tmp_path: Path
) -> None:
    program("X = 1", "helper.py")
    observe("import helper")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["helper.py", "q6.py"]


@pytest.mark.parametrize("name", ["-c.py", "--help.py", "a b.py", "größe.py", "multi\nline.py"])
def test_any_file_name_can_be_run(observe: Observe, name: str) -> None:
    trace = observe("print('ran')", name=name)
    assert trace.text(trace.main.pid, "stdout") == "ran\n"
    assert trace.main.name == name


def test_a_line_is_out_as_soon_as_it_is_printed_as_in_a_terminal(observe: Observe) -> None:
    trace = observe("""
        import os
        print("seen")
        os._exit(0)
    """)
    assert trace.text(trace.main.pid) == "seen\n"


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_functions_of_main_are_found_by_children_under_every_start_method(
    observe: Observe, method: str
) -> None:
    trace = observe(
        """
        from multiprocessing import Process, get_start_method
        def work():
            print("worked")
        if __name__ == "__main__":
            process = Process(target=work)
            process.start()
            process.join()
            print(get_start_method())
        """,
        start_method=method,
    )
    (child,) = trace.of_kind("process")
    assert (trace.text(child.pid), child.completed, child.waited) == ("worked\n", True, "joined")
    assert trace.text(trace.main.pid) == f"{method}\n"
    assert child.start_method == method


def test_the_traceback_of_a_child_shows_only_the_learners_code(observe: Observe) -> None:
    trace = observe("""
        from multiprocessing import Process
        def work():
            raise ValueError("mine")
        if __name__ == "__main__":
            process = Process(target=work)
            process.start()
            process.join()
    """)
    (child,) = trace.of_kind("process")
    text = trace.text(child.pid, "stderr")
    assert "ValueError: mine" in text
    assert "grader" not in text


def test_a_program_that_never_imports_multiprocessing_does_not_get_it(observe: Observe) -> None:
    trace = observe("import sys; print('multiprocessing' in sys.modules)")
    assert trace.text(trace.main.pid) == "False\n"


def test_replaced_functions_keep_their_names_signatures_and_words(observe: Observe) -> None:
    trace = observe("""
        import inspect, pickle
        from multiprocessing import pool, Process
        assert str(inspect.signature(Process.join)) == "(self, timeout=None)"
        assert pool.worker.__module__ == "multiprocessing.pool"
        assert pickle.loads(pickle.dumps(pool.worker)) is pool.worker
        assert Process.start.__doc__.strip() == "Start child process"
    """)
    assert trace.exit_code == 0


def test_a_folder_that_cannot_be_written_to_is_no_obstacle(
    observe: Observe, tmp_path: Path
) -> None:
    (tmp_path / "q6.py").write_text("", encoding="utf-8")
    tmp_path.chmod(0o555)
    try:
        trace = run(tmp_path / "q6.py")
    finally:
        tmp_path.chmod(0o755)
    assert trace.exit_code == 0

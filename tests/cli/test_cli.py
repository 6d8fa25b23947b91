"""The command as people and scripts run it: what it prints where, and its exit codes."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from jsonschema import Draft202012Validator

from grader.checks import exercise_ids
from grader.report.as_json import schema
from tests.conftest import OBSERVERS, ROOT, STARTS_WARM, needs_warm

SOLUTIONS = ROOT / "solutions"
PASSED, FAILED, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 3, 130

FAILING = "print('only this')\n"

GRADE = str(Path(sys.executable).with_name("grade"))

STEERED_BY = ("COLUMNS", "LINES", "TERM", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING")

Done = subprocess.CompletedProcess[str]
Grade = Callable[..., Done]


def _environment(**extra: str) -> dict[str, str]:
    outer = {name: value for name, value in os.environ.items() if name not in STEERED_BY}
    return {**outer, "PYTHONDONTWRITEBYTECODE": "1", **extra}


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A learner's folder, with all exercises as they were handed out."""
    (tmp_path / "exercises").mkdir()
    for id_ in exercise_ids():
        skeleton = (ROOT / "exercises" / f"{id_}.py").read_bytes()
        (tmp_path / "exercises" / f"{id_}.py").write_bytes(skeleton)
    return tmp_path


@pytest.fixture
def grade(tmp_path: Path) -> Grade:
    """Runs `python -m grader` in a folder, the test's own unless said otherwise."""

    def run(*arguments: str, cwd: Path = tmp_path, **extra: str) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "grader", *arguments],
            cwd=cwd,
            env=_environment(**extra),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    return run


def _call(statement: str, cwd: Path) -> Done:
    """Runs Python in which `main` is the command's."""
    source = f"import sys\nfrom grader.cli import main\n{statement}"
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=cwd,
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _document(done: Done) -> Any:
    """The one JSON document on stdout, which keeps to the schema."""
    document = json.loads(done.stdout)
    Draft202012Validator(schema()).validate(document)
    return document


# -- exit codes ----------------------------------------------------------------------------


def test_0_when_everything_asked_for_passed(grade: Grade) -> None:
    done = grade("all", str(SOLUTIONS), "--no-portable")
    assert (done.returncode, done.stderr) == (PASSED, "")


def test_1_when_one_of_several_failed(grade: Grade, desk: Path) -> None:
    for id_ in exercise_ids():
        solution = (SOLUTIONS / f"{id_}.py").read_bytes()
        (desk / "exercises" / f"{id_}.py").write_bytes(solution)
    (desk / "exercises" / "q5.py").write_text(FAILING)
    done = grade("all", "--no-portable")
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_1_when_one_of_several_is_absent(grade: Grade, desk: Path) -> None:
    done = grade("q3", "q5", str(desk / "exercises"))
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_advice_does_not_change_the_exit_code(grade: Grade, desk: Path) -> None:
    unguarded = (
        "from multiprocessing import Process\np = Process(target=print)\np.start()\np.join()"
    )
    (desk / "exercises" / "q3.py").write_text(unguarded)
    done = grade("q3", "--format", "json")
    (report,) = _document(done)["exercises"]
    assert report["checks"][-1]["id"] == "portable"
    if report["trace"]["start_method"] == "fork":
        assert (report["checks"][-1]["status"], done.returncode) == ("advice", PASSED)


def _usage(*arguments: str, says: str) -> Any:
    return pytest.param(arguments, says, id=" ".join(arguments) or "nothing")


MISTAKES = [
    _usage("q9", says="there is no exercise q9: it is one of q3, q5, q6, or all"),
    _usage("q3", "q9", says="there is no exercise q9"),
    _usage("q6", "nowhere.py", says="nowhere.py"),
    _usage("q6", "nowhere/q6.py", says="nowhere/q6.py"),
    _usage("q6", "one.py", "two.py", says="one submission at a time, not one.py and two.py"),
    _usage("answer.py", says="say which exercise to grade: grade all answer.py"),
    _usage("q6", "notes.txt", says="notes.txt is neither a program (.py) nor a notebook"),
    _usage("frobnicate", says="'frobnicate'"),
    _usage("q6", "multi\nline", says="multi"),
    _usage("q6", "größe.py", says="größe.py"),
    _usage("q6", "--bogus", says="--bogus"),
    _usage("--bogus", says="--bogus"),
    _usage("q6", "--format", "xml", says="'text', 'json'"),
    _usage("q6", "--format", says="--format"),
    _usage("q6", "--observer", "me", says="'auto', 'linux', 'portable'"),
    *(
        _usage("q6", "answer.py", "--time-limit", limit, says="--time-limit")
        for limit in ("0", "-1", "soon", "inf", "nan", "1e9", "")
    ),
    _usage("trace", says="FILE"),
    _usage("trace", "nowhere.py", says="there is no file nowhere.py: name a Python program"),
    _usage("trace", ".", says="there is no file .: name a Python program"),
    _usage("trace", "answer.py", "answer.py", says="answer.py"),
    _usage("hint", says="say which exercise the hint is for"),
    _usage("hint", "q3", "q6", "answer.py", says="say which exercise the hint is for"),
    _usage("hint", "q9", says="there is no exercise q9"),
    _usage("watch", "q9", says="there is no exercise q9"),
    _usage("watch", "q6", "nowhere.py", says="nowhere.py"),
    _usage("verify", "nowhere", says="nowhere"),
    _usage("handout", "--solutions", "nowhere", says="nowhere"),
    # There is no folder `exercises` here.
    *(
        _usage(*words, says="there is no folder exercises here or above")
        for words in ((), ("q6",), ("all",), ("hint", "q6"), ("watch",), ("q3", "q6"))
    ),
]


@pytest.mark.parametrize(("arguments", "says"), MISTAKES)
def test_2_for_a_users_mistake_and_one_line_that_says_what_it_was(
    grade: Grade, program: Callable[..., Path], arguments: tuple[str, ...], says: str
) -> None:
    program(FAILING, "answer.py")
    program("What I think of q6.", "notes.txt")
    done = grade(*arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("grade: ")
    assert says in line


def test_2_for_solutions_whose_markers_do_not_pair(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "solutions").mkdir()
    (tmp_path / "solutions" / "q6.py").write_text("### BEGIN SOLUTION\n")
    done = grade("handout")
    assert (done.returncode, done.stdout) == (USAGE, "")
    assert done.stderr == "grade: solutions/q6.py: line 1: a BEGIN SOLUTION without its END\n"


def test_3_when_the_kit_could_not_run_a_program_and_that_is_no_mark(
    program: Callable[..., Path],
) -> None:
    path = program(FAILING)
    done = _call(
        "import grader.grading\n"
        "from grader.run.runner import RunError\n"
        "def run(*_, **__): raise RunError('no process can be made here')\n"
        "grader.grading.run = run\n"
        "sys.exit(main(['q6', 'q6.py', '--format', 'json']))\n",
        path.parent,
    )
    (report,) = _document(done)["exercises"]
    assert (report["status"], report["note"]) == ("error", "no process can be made here")
    assert (done.returncode, done.stderr) == (BROKEN, "")


def test_3_and_no_hint_when_the_kit_could_not_run_the_program(
    program: Callable[..., Path],
) -> None:
    path = program(FAILING)
    done = _call(
        "import grader.grading\n"
        "from grader.run.runner import RunError\n"
        "def run(*_, **__): raise RunError('no process can be made here')\n"
        "grader.grading.run = run\n"
        "sys.exit(main(['hint', 'q6', 'q6.py']))\n",
        path.parent,
    )
    assert done.returncode == BROKEN
    assert "passed" not in done.stdout
    assert "no process can be made here" in done.stdout + done.stderr


def test_3_when_the_kit_has_a_bug_and_one_line_that_says_where(
    program: Callable[..., Path],
) -> None:
    path = program(FAILING)
    done = _call(
        "import grader.grading\n"
        "def run(*_, **__): raise ZeroDivisionError('of\\nours')\n"
        "grader.grading.run = run\n"
        "sys.exit(main(['q6', 'q6.py']))\n",
        path.parent,
    )
    assert (done.returncode, done.stdout) == (BROKEN, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("grade: the kit itself failed: ZeroDivisionError: of ours (")
    assert line.endswith("Please report this line.")


# -- JSON ----------------------------------------------------------------------------------


def test_json_of_a_passed_exercise(grade: Grade) -> None:
    done = grade("q6", str(SOLUTIONS / "q6.py"), "--format", "json")
    document = _document(done)
    assert document["submission"] == str(SOLUTIONS / "q6.py")
    (report,) = document["exercises"]
    assert (report["id"], report["status"]) == ("q6", "passed")
    assert (report["points"], report["max_points"]) == (10, 10)
    assert [check["id"] for check in report["checks"]] == [
        *("ran_clean", "four_processes", "distinct_pids", "distinct_numbers", "joined"),
        "portable",
    ]
    assert len(report["trace"]["processes"]) == 5
    assert report["trace"]["start"] == ("warm" if STARTS_WARM else "cold")
    assert (done.returncode, done.stderr) == (PASSED, "")


@needs_warm
def test_what_is_graded_at_each_save_begins_warm() -> None:
    command = [sys.executable, "-m", "grader", "watch", "q6", str(SOLUTIONS / "q6.py")]
    with subprocess.Popen([*command, "--format", "json"], stdout=subprocess.PIPE) as watching:
        assert watching.stdout is not None
        lines = []
        for line in watching.stdout:
            lines.append(line)
            if line == b"}\n":
                break
        watching.terminate()
    assert json.loads(b"".join(lines))["exercises"][0]["trace"]["start"] == "warm"


def test_json_of_a_failed_exercise(grade: Grade, program: Callable[..., Path]) -> None:
    done = grade("q6", str(program(FAILING)), "--format", "json")
    (report,) = _document(done)["exercises"]
    assert report["status"] == "failed"
    found = {check["id"]: check for check in report["checks"]}
    assert found["four_processes"]["status"] == "failed"
    assert found["four_processes"]["message"]
    assert found["four_processes"]["hint"]
    assert found["distinct_pids"]["status"] == found["portable"]["status"] == "skipped"
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_json_of_an_absent_exercise(grade: Grade, desk: Path) -> None:
    done = grade("q6", "--format", "json")
    document = _document(done)
    assert document["submission"] == str(Path("exercises", "q6.py"))
    (report,) = document["exercises"]
    assert (report["status"], report["points"], report["trace"]) == ("absent", 0, None)
    assert "TODO" in report["note"]
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_json_of_what_a_learner_made_as_nasty_as_can_be(
    grade: Grade, program: Callable[..., Path]
) -> None:
    source = (
        "import multiprocessing as mp, os, sys\n"
        "os.write(1, bytes(range(256)))\n"
        "os.write(2, b'{\"schema\": 2}\\n')\n"
        "p = mp.Process(target=print, name='\\x1b[31m\\ud800\"\\n')\n"
        "p.start(); p.join()\n"
    )
    name = "\udcff\x1b[31m.py"
    program(source, name)
    done = grade("all", name, "--format", "json", "--no-portable")
    assert len(_document(done)["exercises"]) == len(exercise_ids())
    assert done.stdout.isascii()
    assert done.stderr == ""


def test_json_of_where_one_stands_has_every_exercise(grade: Grade, desk: Path) -> None:
    document = _document(grade("--format", "json"))
    assert [each["id"] for each in document["exercises"]] == list(exercise_ids())


def test_json_of_a_trace_is_what_a_report_has_of_it(grade: Grade) -> None:
    done = grade("trace", str(SOLUTIONS / "q5.py"), "--format", "json")
    of_trace = {**schema(), "$ref": "#/$defs/Trace"}
    Draft202012Validator(of_trace).validate(json.loads(done.stdout))
    assert json.loads(done.stdout)["pools"][0]["size"] == 4
    assert (done.returncode, done.stderr) == (PASSED, "")


# -- what is graded ------------------------------------------------------------------------


def _graded(done: Done) -> dict[str, str]:
    return {each["id"]: each["status"] for each in _document(done)["exercises"]}


def test_a_file_may_have_any_name(grade: Grade, program: Callable[..., Path]) -> None:
    for name in ("my answer.py", "ANSWER.PY", "größe.py", "-dash.py"):
        program(FAILING, name)
        done = grade("q6", "--format", "json", "--", name)
        assert _graded(done) == {"q6": "failed"}, done.stderr


def test_a_folder_stands_for_the_answers_in_it(grade: Grade, desk: Path) -> None:
    (desk / "exercises" / "q5.py").write_text(FAILING)
    (desk / "exercises" / "q6.py").unlink()
    done = grade("all", "exercises", "--format", "json")
    assert _graded(done) == {"q3": "absent", "q5": "failed", "q6": "absent"}


def test_a_folder_without_answers_has_none(grade: Grade, tmp_path: Path) -> None:
    done = grade("all", ".", "--format", "json")
    assert set(_graded(done).values()) == {"absent"}
    assert done.returncode == FAILED


def test_exercises_are_graded_once_each_in_the_order_asked_for(grade: Grade, desk: Path) -> None:
    assert list(_graded(grade("q6", "Q3", "q6", "--format", "json"))) == ["q6", "q3"]
    assert list(_graded(grade("q6", "all", "--format", "json"))) == ["q6", "q3", "q5"]


@pytest.mark.parametrize("below", [".", "exercises", "exercises/deeper/still", "notes"])
def test_without_a_path_the_exercises_are_found_upwards(
    grade: Grade, desk: Path, below: str
) -> None:
    (desk / "exercises" / "q6.py").write_text(FAILING)
    (desk / below).mkdir(parents=True, exist_ok=True)
    for words, expected in (
        (("q6",), {"q6": "failed"}),
        (("q3", "q6"), {"q3": "absent", "q6": "failed"}),
        ((), {"q3": "absent", "q5": "absent", "q6": "failed"}),
    ):
        done = grade(*words, "--format", "json", cwd=desk / below)
        assert _graded(done) == expected, done.stderr


def test_an_answer_that_is_not_in_the_exercises_is_absent(grade: Grade, desk: Path) -> None:
    (desk / "exercises" / "q6.py").unlink()
    done = grade("q6", "--format", "json")
    assert _graded(done) == {"q6": "absent"}
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_the_time_limit_is_the_one_given(grade: Grade, program: Callable[..., Path]) -> None:
    path = program("import time; time.sleep(600)")
    done = grade("q6", str(path), "--time-limit", "0.5", "--format", "json")
    (report,) = _document(done)["exercises"]
    assert report["trace"]["limits"]["wall_time"] == 0.5
    assert report["trace"]["stopped_by"] == "time limit"


def test_a_sandbox_that_is_required_and_missing_is_told_with_what_to_install(
    grade: Grade, tmp_path: Path
) -> None:
    done = grade("q6", str(SOLUTIONS), "--sandbox", "require", PATH=str(tmp_path))
    assert (done.returncode, done.stdout) == (USAGE, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("grade: there is no sandbox here: ")
    assert "apt install bubblewrap" in line


def test_without_a_sandbox_the_report_says_so(grade: Grade, tmp_path: Path) -> None:
    done = grade("q6", str(SOLUTIONS), "--no-portable", PATH=str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    assert "no sandbox)" in done.stdout


@pytest.mark.parametrize("observer", OBSERVERS)
def test_the_observer_is_the_one_given(grade: Grade, observer: str) -> None:
    done = grade("trace", str(SOLUTIONS / "q3.py"), "--observer", observer, "--format", "json")
    assert json.loads(done.stdout)["observer"] == observer


# -- text ----------------------------------------------------------------------------------


def test_a_report_shows_the_timeline_the_checks_and_what_to_fix_first(
    grade: Grade, program: Callable[..., Path]
) -> None:
    path = program("from multiprocessing import Process\nProcess(target=print, args=(1,)).start()")
    done = grade("q6", str(path))
    timeline, _, checks = done.stdout.partition(" failed     0/2")
    assert "Process-1" in timeline
    assert 'printed "1"' in timeline
    assert "(four_processes)" in checks
    assert "Fix this first: Exactly four Processes are started" in checks
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_where_one_stands_is_a_line_an_exercise_a_total_and_the_next_step(
    grade: Grade, desk: Path
) -> None:
    (desk / "exercises" / "q3.py").write_bytes((SOLUTIONS / "q3.py").read_bytes())
    (desk / "exercises" / "q6.py").write_text(FAILING)
    done = grade()
    table = done.stdout.partition("\n\n")[0]
    rows = [re.fullmatch(r"(\w+)\b.*?(\w*) +(\d+/\d+)", row) for row in table.splitlines()]
    assert [row and row.groups() for row in rows] == [
        ("q3", "passed", "10/10"),
        ("q5", "absent", "0/10"),
        ("q6", "failed", "2/10"),
        ("Total", "Total", "12/30")
        if rows[3] and rows[3][2] == "Total"
        else ("Total", "", "12/30"),
    ]
    assert "Next: q5" in done.stdout
    assert (done.returncode, done.stderr) == (FAILED, "")


def test_where_one_stands_when_all_is_done(grade: Grade, desk: Path) -> None:
    for id_ in exercise_ids():
        solution = (SOLUTIONS / f"{id_}.py").read_bytes()
        (desk / "exercises" / f"{id_}.py").write_bytes(solution)
    done = grade()
    assert "30/30" in done.stdout
    assert "All passed: nothing to fix." in done.stdout
    assert (done.returncode, done.stderr) == (PASSED, "")


def test_a_trace_is_the_timeline_of_any_program_without_marks(
    grade: Grade, program: Callable[..., Path]
) -> None:
    done = grade("trace", str(program("print('seen'); raise SystemExit(3)", "any.py")))
    assert 'printed "seen"' in done.stdout
    assert "points" not in done.stdout
    assert (done.returncode, done.stderr) == (PASSED, "")


def test_help_names_the_commands_and_how_to_grade(grade: Grade) -> None:
    done = grade("--help")
    for words in ("grade q6 [PATH]", "grade all [PATH]", "trace", "verify", "hint", "watch"):
        assert words in done.stdout
    assert (done.returncode, done.stderr) == (PASSED, "")
    assert max(map(len, done.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", ["q6", "trace", "hint", "watch", "verify", "handout"])
def test_every_command_has_help_and_needs_nothing_else_for_it(grade: Grade, command: str) -> None:
    done = grade(command, "--help")
    assert done.stdout.startswith("Usage: ")
    assert (done.returncode, done.stderr) == (PASSED, "")


def test_the_version_is_the_packages(grade: Grade) -> None:
    from importlib.metadata import version

    assert grade("--version").stdout == version("multiprocessing-grader") + "\n"


@pytest.mark.parametrize("arguments", [["all"], []], ids=["report", "summary"])
@pytest.mark.parametrize("extra", [{}, {"TERM": "xterm-256color"}, {"NO_COLOR": "1"}], ids=str)
def test_a_pipe_gets_no_escape_codes_and_no_progress(
    grade: Grade, desk: Path, arguments: list[str], extra: dict[str, str]
) -> None:
    (desk / "exercises" / "q3.py").write_text(FAILING)
    done = grade(*arguments, **extra)
    assert not set(done.stdout) & {"\x1b", "\r", "\b"}
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "ascii:strict"])
@pytest.mark.parametrize("command", ["q6", "trace"])
def test_an_ascii_terminal_gets_ascii(
    grade: Grade, program: Callable[..., Path], command: str, encoding: str
) -> None:
    path = program("print('größe 数 🎉')", "größe.py")
    done = grade(command, path.name, PYTHONIOENCODING=encoding)
    assert done.stdout.isascii()
    assert r"gr\xf6\xdfe" in done.stdout
    assert done.returncode == (FAILED if command == "q6" else PASSED)
    assert done.stderr == ""


# -- terminals -----------------------------------------------------------------------------


def _on_a_terminal(cwd: Path, *arguments: str, **extra: str) -> tuple[int, str]:
    """Runs the command on a terminal: its exit code and all that was shown there."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *arguments],
        cwd=cwd,
        env=_environment(**extra),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 1 << 16):
            shown += data
    except OSError:
        pass  # EIO: the last who had the terminal open has closed it (pty(7))
    os.close(ours)
    return process.wait(), shown.decode()


def test_a_terminal_gets_colours_and_progress(program: Callable[..., Path]) -> None:
    path = program(FAILING)
    code, shown = _on_a_terminal(path.parent, "q6", path.name, TERM="xterm")
    assert code == FAILED
    assert "\x1b[" in shown
    assert shown.startswith("\rRunning q6.py ...")


@pytest.mark.parametrize(
    ("extra", "progress"),
    [({"TERM": "xterm", "NO_COLOR": "1"}, True), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_a_terminal_that_wants_no_colours_gets_none(
    program: Callable[..., Path], extra: dict[str, str], progress: bool
) -> None:
    path = program(FAILING)
    _code, shown = _on_a_terminal(path.parent, "q6", path.name, **extra)
    assert "Fix this first" in shown
    assert "\x1b" not in shown
    assert ("Running q6.py ..." in shown) == progress


# -- pipes, signals ------------------------------------------------------------------------

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="what POSIX systems alone have")


@pytest.mark.parametrize(
    "arguments",
    [
        ("q6", "q6.py"),
        ("q6", "q6.py", "--format", "json"),
        ("trace", "q6.py"),
        ("--help",),
        ("q6", "--help"),
        ("--version",),
        ("verify",),
    ],
    ids=" ".join,
)
def test_a_reader_that_has_enough_causes_no_complaint(
    program: Callable[..., Path], arguments: tuple[str, ...]
) -> None:
    path = program(FAILING)
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *arguments],
        cwd=path.parent,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait()


def _redirected(folder: Path, redirections: str, *arguments: str) -> Done:
    """The command as a shell starts it with redirections, by the entry point of a user."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {redirections}', GRADE, *arguments],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux alone has /dev/full")


@posix
@pytest.mark.parametrize(
    "arguments", [("q6", "q6.py"), ("trace", "q6.py"), ("--help",)], ids=" ".join
)
@pytest.mark.parametrize(
    ("redirections", "why"),
    [
        (">&-", "standard output is closed"),
        pytest.param(">/dev/full", "No space left on device", marks=full),
        ("1</dev/null", "Bad file descriptor"),
    ],
)
def test_2_where_no_report_can_be_written_and_one_line_that_says_why(
    program: Callable[..., Path], arguments: tuple[str, ...], redirections: str, why: str
) -> None:
    done = _redirected(program(FAILING).parent, redirections, *arguments)
    assert (done.returncode, done.stdout) == (USAGE, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"grade: the report could not be written: {why}. ")
    assert line.endswith("grade q6 > report.txt")


def test_3_for_an_error_of_the_system_that_is_not_about_the_report(
    program: Callable[..., Path],
) -> None:
    done = _call(
        "import grader.grading\n"
        "def run(*_, **__): raise OSError(28, 'No space left on device')\n"
        "grader.grading.run = run\n"
        "sys.exit(main(['q6', 'q6.py']))\n",
        program(FAILING).parent,
    )
    assert (done.returncode, done.stdout) == (BROKEN, "")
    assert done.stderr.startswith("grade: the kit itself failed: OSError: ")


@posix
@pytest.mark.parametrize(
    "redirections", ["2>&-", "2>&- <&-", pytest.param("2>/dev/full", marks=full)]
)
def test_the_report_does_not_need_anywhere_to_complain(
    program: Callable[..., Path], redirections: str
) -> None:
    folder = program(FAILING).parent
    done = _redirected(folder, redirections, "q6", "q6.py")
    assert "Fix this first" in done.stdout
    assert (done.returncode, done.stderr) == (FAILED, "")
    assert _redirected(folder, redirections, "q9").returncode == USAGE


@posix
@pytest.mark.parametrize(
    "redirections", [">&- 2>&-", pytest.param(">/dev/full 2>/dev/full", marks=full)]
)
def test_2_where_nothing_can_be_written_at_all(
    program: Callable[..., Path], redirections: str
) -> None:
    done = _redirected(program(FAILING).parent, redirections, "q6", "q6.py")
    assert (done.returncode, done.stdout, done.stderr) == (USAGE, "", "")


def _running_in(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.cwd() == str(folder) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


ENDLESS = """
    import os, time
    from multiprocessing import Process
    def nap():
        open("under way", "w").close()
        time.sleep(600)
    if __name__ == "__main__":
        if os.fork() == 0:
            os.setsid()
            time.sleep(600)
        Process(target=nap).start()
        time.sleep(600)
    """


def _start(folder: Path, observer: str) -> "subprocess.Popen[str]":
    """The command, grading an endless program whose processes are all under way."""
    os.mkfifo(folder / "under way")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "grader", "q6", str(folder)),
            *("--observer", observer, "--sandbox", "off"),
        ],
        cwd="/",
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    (folder / "under way").read_text()  # comes back once the program has it open
    return process


def _left_running(folder: Path) -> list[psutil.Process]:
    """What still runs there, which is then ended: no test shall leave it to the next."""
    left = _running_in(folder)
    for process in left:
        process.kill()
    psutil.wait_procs(left)
    return left


# On a terminal ^C stands at the cursor, so the message begins a line of its own.
LAST_WORDS = "\ngrade: interrupted; every process it started is gone.\n"


@posix
@pytest.mark.parametrize("observer", OBSERVERS)
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_an_interrupted_command_leaves_nothing_running(
    program: Callable[..., Path], name: str, observer: str
) -> None:
    folder = program(ENDLESS).parent
    process = _start(folder, observer)
    process.send_signal(signal.Signals[name])
    out, err = process.communicate()
    assert _left_running(folder) == []
    assert (process.returncode, out, err) == (INTERRUPTED, "", LAST_WORDS)


@posix
@pytest.mark.parametrize("observer", OBSERVERS)
def test_neither_does_one_interrupted_by_someone_impatient(
    program: Callable[..., Path], observer: str
) -> None:
    folder = program(ENDLESS).parent
    process = _start(folder, observer)
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert _left_running(folder) == []
    assert (process.returncode, out) == (INTERRUPTED, "")
    assert err.endswith(LAST_WORDS)


@posix
@pytest.mark.parametrize("sandbox", ["auto", "off"])
def test_neither_does_one_interrupted_while_it_starts_the_program(
    program: Callable[..., Path], sandbox: str
) -> None:
    folder = program("import time; time.sleep(600)").parent
    done = _call(
        "import os, subprocess\n"
        "class Popen(subprocess.Popen):\n"
        "    def __init__(self, *args, **kwargs):\n"
        "        super().__init__(*args, **kwargs)\n"
        "        raise KeyboardInterrupt\n"
        "subprocess.Popen = Popen\n"
        "spawn = os.posix_spawnp\n"
        "def spawn_and_interrupt(*args, **kwargs):\n"
        "    spawn(*args, **kwargs)\n"
        "    raise KeyboardInterrupt\n"
        "os.posix_spawnp = spawn_and_interrupt\n"
        "os.chdir('/')\n"
        f"sys.exit(main(['q6', {str(folder)!r}, '--observer=portable', '--sandbox={sandbox}']))",
        folder,
    )
    assert _left_running(folder) == []
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", LAST_WORDS)


@posix
def test_an_interruption_that_comes_where_python_drops_exceptions_is_heard(
    program: Callable[..., Path],
) -> None:
    folder = program("import time; time.sleep(600)").parent
    done = _call(
        "import os, signal\n"
        "from grader.cli import commands\n"
        "class Going:\n"
        "    def __del__(self):\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "place = commands._place\n"
        "commands._place = lambda *args: (Going(), place(*args))[1]\n"
        f"sys.exit(main(['q6', {str(folder)!r}]))",
        folder,
    )
    assert _left_running(folder) == []
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", LAST_WORDS)


INTERRUPTING = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.{signal})

sys.meta_path.insert(0, Interrupting())
"""


@posix
@pytest.mark.parametrize("command", [[GRADE], ["-m", "grader"]], ids=["grade", "-m grader"])
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("module", ["click", "msgspec", "grader.cli.commands", "grader.run"])
def test_one_interrupted_while_it_is_still_being_imported_says_so_in_one_line(
    tmp_path: Path, command: list[str], name: str, module: str
) -> None:
    site = tmp_path / "sitecustomize.py"
    site.write_text(INTERRUPTING.format(module=module, signal=name))
    done = subprocess.run(
        [sys.executable, *command, "q6", str(SOLUTIONS)],
        cwd="/",
        env=_environment(PYTHONPATH=str(tmp_path)),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (INTERRUPTED, "", LAST_WORDS)


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_a_signal_that_it_was_started_to_ignore_does_not_interrupt_it(
    program: Callable[..., Path], name: str
) -> None:
    """As nohup has it, and a shell for what runs in the background."""
    folder = program("""
        open("under way", "w").close()
        open("go on").close()
        """).parent
    for pipe in ("under way", "go on"):
        os.mkfifo(folder / pipe)
    process = subprocess.Popen(
        [
            "sh",
            "-c",
            f'trap "" {name[3:]}; exec "$0" -m grader q6 "$1" --sandbox off',
            sys.executable,
            folder,
        ],
        cwd="/",
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    (folder / "under way").read_text()
    process.send_signal(signal.Signals[name])
    (folder / "go on").write_text("")
    out, err = process.communicate()
    assert _left_running(folder) == []
    assert (process.returncode, err) == (FAILED, "")
    assert "Fix this first" in out


# -- what is imported ----------------------------------------------------------------------

HEAVY = {
    *("IPython", "ipykernel", "jupyter_client", "nbclient", "nbformat"),
    *("dask", "distributed", "jinja2", "psutil", "rich", "watchfiles"),
    *("asyncio", "ctypes.util", "multiprocessing", "pytest"),
    # What takes a noticeable part of a single grading, and a file in a sandbox does not need.
    *("difflib", "hashlib", "shutil", "subprocess", "tempfile", "typing_extensions"),
}


@pytest.mark.parametrize("form", ["text", "json"])
def test_grading_a_file_imports_nothing_heavy(program: Callable[..., Path], form: str) -> None:
    path = program((SOLUTIONS / "q6.py").read_text(encoding="utf-8"))
    done = _call(
        f"code = main(['q6', 'q6.py', '--no-portable', '--format', {form!r}])\n"
        "print(code, *sorted(sys.modules), file=sys.stderr)",
        path.parent,
    )
    code, *modules = done.stderr.split()
    assert code == "0"
    assert "grader.run.rooms" in modules
    assert set(modules) & HEAVY == set()


@pytest.mark.parametrize("when", ["before", "since"])
def test_what_is_to_be_called_at_the_end_is_called_and_what_was_printed_is_there(
    program: Callable[..., Path], when: str
) -> None:
    path = program(FAILING)
    done = _call(
        "import atexit, sys\n"
        "from grader import cli\n"
        "def since():\n"
        "    atexit.register(print, 'called')\n"
        "    return code\n"
        f"code = cli.main(['q6', {str(path)!r}])\n"
        "if sys.argv[0] == 'before':\n"
        "    since()\n"
        "cli.main = since\n"
        "cli.command()".replace("sys.argv[0]", repr(when)),
        path.parent,
    )
    assert done.stdout.splitlines()[-1] == "called"
    assert (done.returncode, done.stderr) == (FAILED, "")


TRAPS = ("click", "grading", "json", "msgspec", "multiprocessing", "random", "signal", "socket")


@pytest.mark.parametrize(
    "command",
    [["-m", "grader"], ["-P", "-m", "grader"], [GRADE]],
    ids=lambda command: Path(command[-1]).name + ("-P" if "-P" in command else ""),
)
def test_no_file_of_a_learner_is_imported_by_the_command(
    program: Callable[..., Path], command: list[str]
) -> None:
    """A learner's file that is named like a module may lie in the current folder."""
    path = program(FAILING)
    for name in TRAPS:
        program("import sys; open(f'{__name__} imported', 'w').close()", f"{name}.py")
    done = subprocess.run(
        [sys.executable, *command, "q6", path.name],
        cwd=path.parent,
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert [file.name for file in path.parent.glob("* imported")] == []
    assert (done.returncode, done.stderr) == (FAILED, "")


@pytest.mark.parametrize(
    "arguments",
    [["batch", "class", "-o", "out", "--exercises", "q6", "--sandbox", "off"], ["verify"]],
    ids=lambda arguments: arguments[0],
)
def test_no_file_of_the_current_folder_is_imported_by_who_helps_the_command(
    program: Callable[..., Path], arguments: list[str]
) -> None:
    folder = program((SOLUTIONS / "q6.py").read_text(encoding="utf-8")).parent
    (folder / "class" / "ada").mkdir(parents=True)
    (folder / "q6.py").rename(folder / "class" / "ada" / "q6.py")
    for name in TRAPS:
        program("import sys; open(f'{__name__} imported', 'w').close()", f"{name}.py")
    done = subprocess.run(
        [GRADE, *arguments], cwd=folder, env=_environment(), capture_output=True, check=False
    )
    assert [file.name for file in folder.glob("* imported")] == []
    if arguments[0] == "batch":
        assert (done.returncode, b"1 passed" in done.stderr) == (0, True)

"""A program that begins warm finds what it finds in an interpreter that was just started."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.run import keepers
from grader.run.runner import RunError, run
from grader.trace import Trace
from tests.conftest import needs_sandbox, needs_warm

pytestmark = needs_warm

SANDBOXES = ["off", pytest.param("require", marks=needs_sandbox)]

TELL = """
import json, os, signal, sys
process = "/proc/self/"
def state():
    wanted = ("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp", "SigBlk", "SigIgn",
              "SigCgt", "ShdPnd", "Threads", "Uid", "Gid", "Groups", "Umask")
    with open(process + "status") as file:
        return [line.split() for line in file if line.startswith(wanted)]
def limits():
    with open(process + "limits") as file:
        return file.read()
here = {name: str(value) for name, value in globals().items()}
import multiprocessing, tempfile, threading
def told_by(stream):
    return (stream.encoding, stream.errors, stream.newlines, stream.line_buffering,
            stream.write_through, stream.isatty(), stream.fileno(), stream.seekable(),
            stream.mode, stream.name, stream.buffer.name, str(type(stream.buffer)))
print(json.dumps({
    "here": here,
    "main": sys.modules["__main__"].here is here,
    "kit": [name for name in sys.modules
            if name.startswith("grader") and not name.startswith("grader_probe.")],
    "argv": sys.argv,
    "original": sys.orig_argv,
    "path": sys.path,
    "hooks": [str(getattr(each, "__name__", type(each))) for each in sys.meta_path],
    "flags": repr(sys.flags),
    "environment": {name: value for name, value in os.environ.items()
                    if name not in ("TMPDIR", "TMP", "TEMP", "GRADER_PROBE")},
    "temporary": [os.environ[name] == tempfile.gettempdir() for name in ("TMPDIR", "TMP", "TEMP")],
    "descriptors": [os.readlink(process + "fd/" + fd).partition(":")[0]
                    for fd in sorted(os.listdir(process + "fd"))[:-1]],
    "streams": [told_by(stream) for stream in (sys.stdin, sys.stdout, sys.stderr)],
    "again": [sys.__stdin__ is sys.stdin, sys.__stdout__ is sys.stdout],
    "signals": [str(signal.getsignal(number)) for number in sorted(signal.valid_signals())],
    "leads": (os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()),
    "place": (os.getcwd(), multiprocessing.process.ORIGINAL_DIR),
    "process": (str(multiprocessing.current_process()), multiprocessing.Process().name),
    "threads": (threading.active_count(), threading.current_thread() is threading.main_thread()),
    "state": state(),
    "limits": limits(),
}))
"""

ADDRESS = re.compile(r"0x[0-9a-f]+|grade-\w+")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has no keeper yet."""
    monkeypatch.setattr(keepers, "_here", keepers._Here())
    yield
    keepers.close()


@pytest.fixture
def all_warm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let also begin warm what could tell."""
    monkeypatch.setattr("grader.run.telling.is_telling", lambda _source: False)


def _text(trace: Trace) -> str:
    return trace.text(trace.main.pid, "stdout")


@pytest.mark.usefixtures("all_warm")
@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_warm_program_finds_what_a_cold_one_finds(
    program: Callable[..., Path], sandbox: Any
) -> None:
    path = program(TELL)
    traces = [run(path, observer="linux", sandbox=sandbox, warm=warm) for warm in (True, False)]
    assert [(trace.start, trace.exit_code) for trace in traces] == [("warm", 0), ("cold", 0)]
    warm, cold = (json.loads(ADDRESS.sub("", _text(trace))) for trace in traces)
    for what, told in cold.items():
        assert warm[what] == told, what


@pytest.mark.parametrize("name", ["random.py", "multiprocessing", "queue.cpython-311.so"])
@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_beside_a_file_by_a_standard_modules_name_a_program_begins_cold(
    program: Callable[..., Path], tmp_path: Path, name: str, sandbox: Any
) -> None:
    path = program("print(1)")
    assert run(path, sandbox=sandbox, warm=True).start == "warm"
    place = tmp_path / name
    if place.suffix:
        place.write_text("", encoding="utf-8")
    else:
        place.mkdir()
    assert run(path, sandbox=sandbox, whole=True, warm=True).start == "cold"


@pytest.mark.parametrize("name", ["-q6.py", "q6.txt"])
def test_a_file_that_python_does_not_take_as_it_is_begins_cold(
    program: Callable[..., Path], name: str
) -> None:
    assert run(program("", name), observer="linux", warm=True).start == "cold"


@pytest.mark.parametrize(
    "how", [{"warm": False}, {"observer": "portable"}, {"start_method": "spawn"}]
)
def test_what_is_not_to_begin_warm_begins_cold(
    program: Callable[..., Path], how: dict[str, Any]
) -> None:
    assert run(program("print(1)"), **{"warm": True, **how}).start == "cold"


def test_what_could_tell_begins_cold(program: Callable[..., Path]) -> None:
    assert run(program("import gc"), warm=True).start == "cold"


@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_with_another_environment_another_keeper_forks_the_programs(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, sandbox: Any
) -> None:
    path = program("import time; print(time.tzname[0])")
    shown, forkers = [], set()
    for zone in ("Asia/Tokyo", "Europe/Lisbon"):
        monkeypatch.setenv("TZ", zone)
        trace = run(path, sandbox=sandbox, warm=True)
        shown.append((trace.start, _text(trace)))
        forkers.add(keepers._here.keepers["programs", sandbox != "off"].pid)
    assert shown == [("warm", "JST\n"), ("warm", "WET\n")]
    assert len(forkers) == 2


SECRETS = """
import multiprocessing, random, secrets, tempfile, uuid
print(random.random(), random.Random().random(), secrets.token_hex(), uuid.uuid4(), end=" ")
print(bytes(multiprocessing.current_process().authkey).hex(), end=" ")
print(next(tempfile._get_candidate_names()))
"""
MARKS = """
import builtins, multiprocessing, os, sys, tempfile
print("left" in globals(), hasattr(builtins, "left"), "left" in os.environ,
      hasattr(multiprocessing, "left"), "/left" in sys.path, os.getcwd() == "/",
      multiprocessing.Process().name == "Process-2",
      os.path.exists(tempfile.gettempdir() + "/left"))
left = builtins.left = multiprocessing.left = 1
os.environ["left"] = "1"
sys.path.append("/left")
os.chdir("/")
open(tempfile.gettempdir() + "/left", "w").close()
"""


@pytest.mark.usefixtures("all_warm")
@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_two_warm_programs_in_a_row_share_nothing(
    program: Callable[..., Path], sandbox: Any
) -> None:
    path = program(MARKS + SECRETS)
    first, second = (run(path, sandbox=sandbox, warm=True) for _ in range(2))
    for trace in (first, second):
        assert trace.start == "warm"
        assert _text(trace).split()[:8] == ["False"] * 8
    one, other = (_text(trace).split()[8:] for trace in (first, second))
    assert len(one) == len(other) == 6
    assert not {*one} & {*other}


SEARCH = """
import re
found = set()
with open("/proc/self/maps") as places, open("/proc/self/mem", "rb", 0) as memory:
    for line in places:
        span, rights, *_rest = line.split()
        if rights[0] == "r" and not line.rstrip().endswith(("[vvar]", "[vsyscall]", "]x")):
            start, end = (int(each, 16) for each in span.split("-"))
            try:
                memory.seek(start)
                found |= set(re.findall(rb"SECRET-[0-9]+", memory.read(end - start)))
            except OSError:
                pass
print(sorted(found))
"""


@pytest.mark.usefixtures("all_warm")
@pytest.mark.parametrize("sandbox", SANDBOXES)
def test_a_warm_program_finds_nothing_of_others_in_its_memory(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, sandbox: Any
) -> None:
    monkeypatch.setenv("TOKEN", "SECRET-22")
    run(program("own = 'SECRET-333'\nprint(own)"), sandbox=sandbox, warm=True)
    trace = run(program(SEARCH + "\nheld = 'SECRET-4444'"), sandbox=sandbox, warm=True)
    assert trace.start == "warm"
    assert _text(trace) == "[b'SECRET-4444']\n"


HARM = {
    "killed": "os.kill({keeper}, 9)",
    "stopped": "os.kill({keeper}, 19)",
    "held to fewer files": "resource.prlimit({keeper}, resource.RLIMIT_NOFILE, (64, 64))",
    "put behind others": "os.setpriority(os.PRIO_PROCESS, {keeper}, 7)",
    "scheduled otherwise": "os.sched_setscheduler({keeper}, os.SCHED_BATCH, os.sched_param(0))",
}
if len(os.sched_getaffinity(0)) > 1:
    HARM["bound to a core"] = "os.sched_setaffinity({keeper}, [min(os.sched_getaffinity(0))])"


@pytest.mark.parametrize("harm", HARM)
def test_a_keeper_that_a_program_has_hurt_is_replaced(
    program: Callable[..., Path], harm: str
) -> None:
    path = program("print(1)", "q3.py")
    run(path, warm=True)
    keeper = keepers._here.keepers["programs", False].pid
    hurt = HARM[harm].format(keeper=keeper)
    assert run(program(f"import os, resource\n{hurt}", "q5.py")).exit_code == 0
    trace = run(path, warm=True)
    assert (trace.start, trace.exit_code) == ("warm", 0)
    assert keepers._here.keepers["programs", False].pid != keeper


def test_a_fork_that_never_became_the_program_is_not_taken_for_it(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.run.runner.spelled", lambda argv: (os.fsencode(argv[0]),))
    with pytest.raises(RunError, match="ended before it began, with exit code 1"):
        run(program("print(1)"), warm=True)

"""What a program in the sandbox sees, what it can reach, and what becomes of the sandbox."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

import grader
from grader.run import keepers, proc, rooms
from grader.run.keepers import UnavailableError, require_sandbox
from grader.run.places import SUBMISSION
from grader.run.runner import ObserverName, RunError, run
from grader.trace import Limits, Trace
from tests.conftest import OBSERVERS, ROOT, needs_sandbox

pytestmark = needs_sandbox

Sandboxed = Callable[..., Any]


@pytest.fixture
def inside(program: Callable[..., Path]) -> Sandboxed:
    """Runs a program in the sandbox and gives what it printed, which is JSON."""

    def look(source: str, **options: Any) -> Any:
        trace = _run(program(source), **options)
        assert trace.sandbox == "bubblewrap"
        assert trace.exit_code == 0, trace.text(trace.main.pid)
        return json.loads(trace.text(trace.main.pid, "stdout"))

    return look


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has no keeper yet."""
    monkeypatch.setattr(keepers, "_here", keepers._Here())
    yield
    keepers.close()


def _run(path: Path, *, seconds: float = 60, **options: Any) -> Trace:
    return run(path, Limits(wall_time=seconds), sandbox="require", **options)


def _listing(*folders: str) -> str:
    return (
        "import json, os\n"
        "def there(folder):\n"
        "    try:\n"
        "        return sorted(os.listdir(folder))\n"
        "    except OSError as error:\n"
        "        return type(error).__name__\n"
        f"print(json.dumps([there(folder) for folder in {list(folders)!r}]))"
    )


# -- what it sees --------------------------------------------------------------------------


def test_it_sees_its_own_file_and_no_other_of_the_folder(
    inside: Sandboxed, program: Callable[..., Path], tmp_path: Path
) -> None:
    program("secret = 1", "bob.py")
    (tmp_path / "grades.csv").write_text("bob,10")
    seen = inside(_listing(SUBMISSION, str(tmp_path), "/home/learner", "/dev/shm"))
    assert seen == [["q6.py"], "FileNotFoundError", [], []]


def test_it_sees_neither_the_kit_nor_solutions_nor_a_home(inside: Sandboxed) -> None:
    home = Path.home()
    places = (Path(grader.__file__).parent, ROOT / "solutions", ROOT / "tests", home)
    kit, solutions, tests, seen = inside(_listing(*map(str, places)))
    assert kit == []
    assert solutions == tests == "FileNotFoundError"
    pythons = [Path(part) for part in (sys.prefix, sys.base_prefix)]
    on_the_way = {each.relative_to(home).parts[0] for each in pythons if home in each.parents}
    assert seen == (sorted(on_the_way) or "FileNotFoundError")


@pytest.mark.usefixtures("fresh")
def test_it_does_not_see_the_kit_either_while_its_observer_still_imports_that(
    program: Callable[..., Path],
) -> None:
    kit = Path(grader.__file__).parent
    source = f"""
        import os, time
        end = time.monotonic() + 0.5
        seen = set()
        while time.monotonic() < end:
            ways = [f"/proc/1/fd/{{fd}}" for fd in range(20)]
            for place in ({str(kit)!r}, "/proc/1/root", "/proc/1/cwd", *ways):
                try:
                    seen.update((place, name) for name in os.listdir(place))
                except (PermissionError, FileNotFoundError):
                    pass
        print(sorted(seen))
    """
    trace = _run(program(source))
    assert trace.text(trace.main.pid) == "[]\n"


def test_nothing_of_the_environment_reaches_it(
    inside: Sandboxed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "precious")
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/home/precious/bin")
    seen = inside("import json, os; print(json.dumps(dict(os.environ)))")
    assert "precious" not in str(seen)
    assert seen["HOME"] == "/home/learner"


def test_it_sees_no_process_but_its_own_and_the_observer(inside: Sandboxed) -> None:
    source = (
        "import json, os\n"
        "pids = [int(name) for name in os.listdir('/proc') if name.isdecimal()]\n"
        "print(json.dumps([sorted(pids), os.getpid(), os.getppid()]))"
    )
    pids, own, parent = inside(source)
    assert parent == 1
    assert pids == [1, own]


def test_its_pids_are_no_numbers_that_anybody_would_print(inside: Sandboxed) -> None:
    assert inside("import os; print(os.getpid())") > 20_000


def test_its_user_is_an_ordinary_one_without_capabilities(inside: Sandboxed) -> None:
    source = """
        import json, os, pwd
        lines = open("/proc/self/status").read().split("\\n")
        told = [line.split()[1] for line in lines if line.startswith("Cap") and "Bnd" not in line]
        print(json.dumps([os.getuid(), pwd.getpwuid(os.getuid()).pw_name, told]))
    """
    assert inside(source) == [1000, "learner", ["0" * 16] * 4]


# -- what it can reach ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "deed",
    [
        "open('/usr/mine', 'w')",
        "open('/etc/passwd', 'a')",
        "open('/mine', 'w')",
        "open('/dev/mine', 'w')",
        "open(os.__file__, 'a')",
        "open(os.path.join(sys.prefix, 'mine'), 'w')",
        "open('/proc/sys/kernel/core_pattern', 'w')",
        "open('/probe/sitecustomize.py', 'a')",
        "open('/proc/1/mem', 'rb')",
        "open('/proc/1/environ', 'rb')",
        "os.open('/proc/1/root', os.O_RDONLY)",
        "os.readlink('/proc/1/fd/3')",
        "socket.create_connection(('192.0.2.1', 80), 5)",
        "checked(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
        "checked(libc.umount2(b'/proc', 2))",
        "checked(libc.unshare(0x10000000))",
        "checked(libc.ptrace(16, 1, 0, 0))",
        "os.chroot('/tmp')",
        "os.setuid(0)",
        "os.chmod('/dev/null', 0o666)",
        "os.utime('/dev/full')",
        "os.chmod('/proc/version', 0o444)",
        "open('/proc/1/oom_score_adj', 'w')",
        "checked(libc.syscall(KEYCTL, 0, -3, 1))",
        "os.memfd_create('memory')",
    ],
)
def test_it_can_do_nothing_outside_of_its_own_folders(inside: Sandboxed, deed: str) -> None:
    source = (
        "import ctypes, os, socket, sys\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "KEYCTL = {'x86_64': 250, 'aarch64': 219}[os.uname().machine]\n"
        "def checked(result):\n"
        "    if result:\n"
        "        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))\n"
        f"try:\n    {deed}\n"
        "except OSError:\n    print(1)\n"
        "else:\n    print(0)"
    )
    assert inside(source) == 1


def test_signals_do_not_touch_the_observer(program: Callable[..., Path]) -> None:
    source = """
        import os, signal
        for number in signal.valid_signals():
            if number not in (signal.SIGCHLD,):
                os.kill(1, number)
        print("sent")
    """
    trace = _run(program(source))
    assert (trace.exit_code, trace.text(trace.main.pid)) == (0, "sent\n")


def test_all_that_it_can_kill_is_itself(program: Callable[..., Path]) -> None:
    source = """
        import os, signal, time
        if os.fork() == 0:
            time.sleep(60)
        os.kill(-1, signal.SIGKILL)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    trace = _run(program(source))
    assert trace.exit_code == -signal.SIGKILL
    assert trace.stopped_by is None


def test_loopback_is_its_own(inside: Sandboxed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = f"""
            import socket
            with socket.create_server(("127.0.0.1", 0)) as own:
                socket.create_connection(own.getsockname())
            try:
                socket.create_connection(("127.0.0.1", {server.getsockname()[1]}))
            except ConnectionRefusedError:
                print(1)
        """
        assert inside(source) == 1


@pytest.mark.parametrize("place", ["/tmp", "/dev/shm", "/home/learner", "/submission"])
def test_what_one_run_writes_is_gone_for_the_next(inside: Sandboxed, place: str) -> None:
    inside(f"open('{place}/left', 'w').write('x'); print(1)")
    assert not Path(place, "left").exists()
    assert inside(f"import os, json; print(json.dumps(os.path.exists('{place}/left')))") is False


def test_what_one_run_does_to_its_terminals_is_nothing_to_the_next(inside: Sandboxed) -> None:
    inside("import os; os.chmod('/dev/pts/ptmx', 0); print(1)")
    assert inside("import os; print(len(os.openpty()))") == 2


def test_who_takes_from_its_observer_what_that_needs_gets_a_finding(
    program: Callable[..., Path],
) -> None:
    source = """
        import os, resource, time
        resource.prlimit(1, resource.RLIMIT_NOFILE, (0, 0))
        if os.fork() == 0:
            time.sleep(60)
        time.sleep(60)
    """
    trace = _run(program(source), seconds=5)
    assert trace.stopped_by == "observer ended"


def test_an_observer_that_does_not_answer_any_more_is_ended_with_its_run(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped: list[int] = []
    observe = rooms._Kept.observe

    def observe_stopped(self: rooms._Kept, *asked: Any, **options: Any) -> Any:
        stopped.extend([self._guard, *proc.children(self._guard)])
        for pid in stopped:  # the guard first, which would let the other go on
            os.kill(pid, signal.SIGSTOP)
        return observe(self, *asked, **options)

    monkeypatch.setattr(rooms._Kept, "observe", observe_stopped)
    monkeypatch.setattr(rooms, "_PATIENCE", 0.2)
    trace = _run(program("print(1)"), seconds=0.2)
    assert trace.stopped_by == "observer ended"
    assert len(stopped) == 2
    # The guard lets go of its line a moment before it is gone.
    _until(lambda: not any(map(proc.is_running, stopped)))


def test_numbers_that_nothing_counts_are_no_report(program: Callable[..., Path]) -> None:
    source = """
        from grader_probe import channel
        for number in (10**30, 1 << 63, -(1 << 63) - 1):
            channel.send("forked", parent=number)
    """
    trace = _run(program(source))
    assert (trace.exit_code, trace.ignored_records) == (0, 3)


def test_what_was_handed_in_takes_nothing_from_what_may_be_written(
    program: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "data.bin").write_bytes(bytes(3 << 20))
    (tmp_path / "out").mkdir()
    path = program("open('out/new', 'wb').write(bytes(1000)); import time; time.sleep(1)")
    limits = Limits(wall_time=60, scratch=1 << 20)
    trace = run(path, limits, sandbox="require", whole=True)
    assert (trace.exit_code, trace.stopped_by) == (0, None)


def test_what_it_does_to_its_files_happens_to_a_copy(
    inside: Sandboxed, program: Callable[..., Path], tmp_path: Path
) -> None:
    source = "import os; os.remove('q6.py'); open('new', 'w'); print(1)"
    inside(source)
    assert [path.name for path in tmp_path.iterdir()] == ["q6.py"]
    assert (tmp_path / "q6.py").read_text() == source


def test_it_cannot_write_more_than_there_is_room_for(program: Callable[..., Path]) -> None:
    source = """
        import itertools
        for number in itertools.count():
            open(f"/dev/shm/{number}", "wb").write(bytes(1 << 20))
    """
    trace = run(program(source), Limits(wall_time=60, scratch=8 << 20), sandbox="require")
    assert trace.stopped_by == "scratch limit" or "No space left" in trace.text(trace.main.pid)


# -- how it is watched ---------------------------------------------------------------------


@pytest.mark.parametrize("observer", OBSERVERS)
def test_each_observer_works_in_it(program: Callable[..., Path], observer: ObserverName) -> None:
    source = """
        import multiprocessing
        def work(): print("done")
        if __name__ == "__main__":
            process = multiprocessing.Process(target=work)
            process.start()
            process.join()
    """
    trace = _run(program(source), observer=observer)
    assert (trace.observer, trace.sandbox) == (observer, "bubblewrap")
    (child,) = trace.of_kind("process")
    assert (child.exit_code, child.waited, trace.text(child.pid)) == (0, "joined", "done\n")


def test_a_run_in_it_and_one_outside_have_the_same_trace(program: Callable[..., Path]) -> None:
    path = program((ROOT / "solutions" / "q6.py").read_text(encoding="utf-8"))
    within, without = _run(path), run(path, Limits(wall_time=60), sandbox="off")

    def facts(trace: Trace) -> Any:
        return [
            (p.kind, p.name, p.target, p.exit_code, p.waited, p.attested, trace.text(p.pid))
            for p in trace.processes
        ]

    assert facts(within) == facts(without)


def test_two_runs_of_a_program_have_the_same_pids(inside: Sandboxed) -> None:
    source = "import os; print(os.getpid())"
    assert inside(source) == inside(source)


def test_credentials_cannot_be_made_up_in_it(program: Callable[..., Path]) -> None:
    source = """
        import os, socket, struct
        place = os.environ["GRADER_PROBE"].removeprefix("socket:")
        made_up = struct.pack("iII", 1, os.getuid(), os.getgid())
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            sock.sendmsg([b"{}"], [(socket.SOL_SOCKET, 2, made_up)], 0, place)
        except PermissionError:
            print("refused")
    """
    trace = _run(program(source))
    assert trace.text(trace.main.pid) == "refused\n"


# -- where there is none -------------------------------------------------------------------


@pytest.mark.usefixtures("fresh")
def test_without_bubblewrap_auto_does_without_and_require_says_how_to_install_it(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = program("print(1)")
    assert run(path, sandbox="auto").sandbox == "off"
    with pytest.raises(RunError, match=r"bubblewrap is not installed .*apt install bubblewrap"):
        run(path, sandbox="require")


@pytest.mark.usefixtures("fresh")
def test_a_sandbox_that_was_not_to_be_had_for_a_moment_is_asked_for_again(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real, fake = shutil.which("bwrap"), tmp_path / "bwrap"
    fake.write_text(f'#!/bin/sh\nmkdir {tmp_path}/once 2>/dev/null && exit 1\nexec {real} "$@"')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert run(program("print(1)"), sandbox="auto").sandbox == "bubblewrap"


@pytest.mark.usefixtures("fresh")
def test_a_bubblewrap_that_does_not_work_is_none_and_its_last_words_are_told(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(UnavailableError, match="No permissions to create new namespace"):
        require_sandbox()
    assert run(program("print(1)"), sandbox="auto").sandbox == "off"


def test_a_keeper_that_was_killed_is_replaced(program: Callable[..., Path]) -> None:
    path = program("print(1)")
    _run(path)
    keeper = keepers._here.keepers["programs", True]._process
    keeper.kill()
    keeper.wait()
    assert _run(path).exit_code == 0


def test_who_had_a_sandbox_does_not_go_on_without_one(
    program: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = program("print(1)")
    _run(path)
    keepers.close()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RunError, match="no run can begin any more: bubblewrap is not"):
        run(path, sandbox="auto")


# -- its end -------------------------------------------------------------------------------

GRADER = """
import sys
from pathlib import Path
from grader.run.runner import run
run(Path(sys.argv[1]), sandbox=sys.argv[2])
"""


@pytest.mark.parametrize("wanted", ["require", "off"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_of_a_run_is_left_however_its_grader_ends(
    program: Callable[..., Path], number: signal.Signals, wanted: str, tmp_path: Path
) -> None:
    mark = f"mark-{os.urandom(8).hex()}"
    path = program(
        "import os, time\n"
        "if os.fork() == 0:\n    os.setsid()\n"
        f"os.execvp('sleep', ['{mark}', '100'])"
    )
    base = tmp_path / "base"
    base.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", GRADER, str(path), wanted],
        env={**os.environ, "TMPDIR": str(base)},
        stderr=subprocess.DEVNULL,
    ) as grader:
        _until(lambda: len(_marked(mark)) == 2)
        grader.send_signal(number)
    _until(lambda: not _marked(mark))
    _until(lambda: not _marked(str(path)))
    _until(lambda: not list(base.iterdir()))


def _marked(mark: str) -> list[int]:
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(mark in part for part in process.info["cmdline"] or ())
    ]


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def descriptors_on_their_way() -> Iterator[None]:
    """More of them than a program may have, all of this user's (unix(7), ETOOMANYREFS)."""
    pairs = []
    with Path(os.devnull).open("rb") as file:
        for _ in range(4):
            ours, theirs = socket.socketpair()
            pairs += [ours, theirs]
            for _ in range(3):
                socket.send_fds(ours, [b"!"], [file.fileno()] * 100)
    yield
    for end in pairs:
        end.close()


@pytest.mark.usefixtures("descriptors_on_their_way")
def test_what_another_program_of_the_user_sends_takes_no_report_away(
    program: Callable[..., Path],
) -> None:
    source = (ROOT / "solutions" / "q5.py").read_text(encoding="utf-8")
    (pool,) = _run(program(source, "q5.py")).pools
    assert len(pool.workers) == pool.size == 4


def test_who_falls_with_all_the_others_is_ended_by_nobody_else(
    program: Callable[..., Path],
) -> None:
    source = """
import os, time
for _ in range(4):
    if os.fork() == 0:
        break
end = time.monotonic() + 20
while time.monotonic() < end:
    if os.fork() == 0:
        os.setsid()
        os.fork()
        os._exit(0)
    os.wait()
"""
    trace = _run(program(source), seconds=1)
    assert trace.stopped_by == "time limit"
    fallen = [process for process in trace.processes[1:] if process.exit_code == -signal.SIGKILL]
    assert len(fallen) >= 3
    assert all(process.killed for process in fallen)


def test_a_file_without_a_name_counts_as_well(program: Callable[..., Path]) -> None:
    source = """
import os, tempfile, time
kept = [tempfile.TemporaryFile() for _ in range(6)]
for file in kept:
    file.write(bytes(2 << 20))
    file.flush()
time.sleep(20)
"""
    trace = run(program(source), Limits(scratch=8 << 20), sandbox="require")
    assert trace.stopped_by == "scratch limit"

"""What a trace says happened did happen, and is attributed to who did it."""

import pytest

from grader.trace import Trace
from tests.conftest import Observe

HEAD = """
import os, sys, time
import multiprocessing as mp
from multiprocessing import Pool, Process
"""


def test_every_byte_is_attributed_to_its_writer_also_when_all_write_at_once(
    attest: Observe,
) -> None:
    trace = attest(
        HEAD
        + """
def work(letter):
    for _ in range(200):
        os.write(1, letter * 50)
        os.write(2, letter.lower() * 10)
if __name__ == "__main__":
    processes = [Process(target=work, args=(bytes([65 + n]),)) for n in range(8)]
    for process in processes: process.start()
    for process in processes: process.join()
"""
    )
    for number, process in enumerate(trace.of_kind("process")):
        letter = chr(65 + number)
        assert trace.text(process.pid, "stdout") == letter * 10_000
        assert trace.text(process.pid, "stderr") == letter.lower() * 2_000


def test_what_a_child_prints_about_itself_changes_nothing(attest: Observe) -> None:
    trace = attest("print('PID 1: 5', '[Process-1] 6', '\\x1e{\"pid\": 1}')")
    assert {write.pid for write in trace.writes} == {trace.main.pid}
    assert len(trace.processes) == 1


def test_bytes_written_below_python_are_attributed_too(attest: Observe) -> None:
    trace = attest(
        HEAD
        + """
import ctypes
def work():
    ctypes.CDLL(None).write(1, b"from C", 6)
if __name__ == "__main__":
    process = Process(target=work); process.start(); process.join()
"""
    )
    (child,) = trace.of_kind("process")
    assert trace.text(child.pid) == "from C"


WAITS = {
    "process.join()": "joined",
    "process.join(30)": "joined",
    "while process.is_alive(): time.sleep(0.001)": "otherwise",
    "while process.exitcode is None: time.sleep(0.001)": "otherwise",
    "mp.connection.wait([process.sentinel])": "otherwise",
    "while mp.active_children(): time.sleep(0.001)": "otherwise",
    "os.waitpid(process.pid, 0)": "otherwise",
    "time.sleep(0)": "at exit",
    "process.join(0)": "at exit",
    "process.is_alive()": "at exit",
}


@pytest.mark.parametrize("wait", WAITS)
def test_how_a_process_was_waited_for_is_told_apart(observe: Observe, wait: str) -> None:
    trace = observe(
        HEAD
        + f"""
import multiprocessing.connection
def work(pipe):
    pipe.recv()
if __name__ == "__main__":
    ours, theirs = mp.Pipe()
    process = Process(target=work, args=(theirs,))
    process.start()
    if {WAITS[wait]!r} != "at exit":
        ours.send("go on")
    {wait}
    ours.send("go on")
"""
    )
    (child,) = trace.of_kind("process")
    assert child.waited == WAITS[wait]
    assert child.completed


def test_children_that_start_reaped_on_the_way_count_as_seen_by_active_children(
    observe: Observe,
) -> None:
    trace = observe(
        HEAD
        + """
def work(): pass
if __name__ == "__main__":
    first = Process(target=work); first.start()
    if hasattr(os, "waitid"):
        os.waitid(os.P_PID, first.pid, os.WEXITED | os.WNOWAIT)
    Process(target=work).start()
    while mp.active_children(): time.sleep(0.001)
"""
    )
    assert [p.waited for p in trace.of_kind("process")] == ["otherwise", "otherwise"]


@pytest.mark.parametrize(
    ("ending", "code", "completed"),
    [
        ("pass", 0, True),
        ("sys.exit(0)", 0, True),
        ("sys.exit(3)", 3, False),
        ("os._exit(0)", 0, False),
        ("os._exit(4)", 4, False),
        ("raise ValueError", 1, False),
        ("os.kill(os.getpid(), 9)", -9, False),
    ],
)
def test_how_a_child_ended_and_whether_it_did_its_work(
    observe: Observe, ending: str, code: int, completed: bool
) -> None:
    trace = observe(
        HEAD
        + f"""
def work():
    {ending}
if __name__ == "__main__":
    process = Process(target=work); process.start(); process.join()
"""
    )
    (child,) = trace.of_kind("process")
    assert (child.exit_code, child.completed, child.terminated) == (code, completed, False)


def test_a_process_ended_on_purpose_is_told_from_one_that_was_killed(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def work(): time.sleep(60)
if __name__ == "__main__":
    process = Process(target=work); process.start()
    process.terminate(); process.join()
"""
    )
    (child,) = trace.of_kind("process")
    assert (child.exit_code, child.terminated, child.killed) == (-15, True, False)


def test_processes_are_told_apart_by_kind_and_have_their_starter_as_parent(
    observe: Observe,
) -> None:
    trace = observe(
        HEAD
        + """
import subprocess
def inner(): pass
def work():
    process = Process(target=inner, name="inner"); process.start(); process.join()
if __name__ == "__main__":
    process = Process(target=work, name="outer"); process.start(); process.join()
    with Pool(2) as pool:
        pool.map(abs, [1, 2])
    with mp.Manager() as manager:
        manager.list()
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    subprocess.run([sys.executable, "-c", ""])
    mp.set_start_method("spawn", force=True)
    process = Process(target=inner, name="spawned"); process.start(); process.join()
"""
    )
    kinds = {process.name: process.kind for process in trace.processes}
    assert kinds["q6.py"] == "main"
    assert kinds["outer"] == kinds["inner"] == kinds["spawned"] == "process"
    assert len(trace.of_kind("worker")) == 2
    assert kinds["resource tracker"] == "helper"
    assert len(trace.of_kind("helper")) == 2
    assert len(trace.of_kind("fork")) == 1
    assert len(trace.of_kind("program")) == 1
    (inner,) = (p for p in trace.processes if p.name == "inner")
    (outer,) = (p for p in trace.processes if p.name == "outer")
    assert inner.parent == outer.pid
    assert outer.parent == trace.main.pid


def test_a_pool_is_recorded_with_its_size_workers_tasks_and_shutdown(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def square(number): return number * number
if __name__ == "__main__":
    with Pool(3) as pool:
        pool.map(square, range(20))
        pool.apply_async(square, (1,)).get()
"""
    )
    (pool,) = trace.pools
    assert (pool.flavour, pool.asked, pool.size, pool.shutdown) == ("Pool", 3, 3, "with")
    assert {worker.pid for worker in pool.workers} == {p.pid for p in trace.of_kind("worker")}
    assert sum(worker.tasks for worker in pool.workers) == 21
    assert pool.functions == ("square",)
    assert pool.outstanding == 0


def test_the_error_of_a_task_is_collected_or_swallowed(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def fail(text): raise ValueError(text)
if __name__ == "__main__":
    with Pool(2) as pool:
        fetched = pool.apply_async(fail, ("fetched",))
        ignored = pool.apply_async(fail, ("ignored",))
        called_back = pool.apply_async(fail, ("told",), error_callback=lambda error: None)
        try:
            fetched.get()
        except ValueError:
            pass
        ignored.wait()
        called_back.wait()
"""
    )
    (pool,) = trace.pools
    assert sorted(pool.errors_collected) == ["ValueError: fetched", "ValueError: told"]
    assert pool.errors_swallowed == ("ValueError: ignored",)


def test_tasks_thrown_away_by_leaving_with_are_outstanding(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
if __name__ == "__main__":
    with Pool(2) as pool:
        results = [pool.apply_async(time.sleep, (60,)) for _ in range(3)]
"""
    )
    (pool,) = trace.pools
    assert (pool.shutdown, pool.outstanding) == ("with", 3)


def test_pools_that_lived_at_the_same_address_are_kept_apart(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
if __name__ == "__main__":
    for size in (2, 3, 2, 3, 2):
        with Pool(size) as pool:
            pool.map(abs, range(4))
"""
    )
    assert [len(pool.workers) for pool in trace.pools] == [2, 3, 2, 3, 2]
    assert [sum(w.tasks for w in pool.workers) for pool in trace.pools] == [4] * 5
    assert {pool.shutdown for pool in trace.pools} == {"with"}


def test_processes_that_were_made_and_never_started_are_recorded(observe: Observe) -> None:
    trace = observe(HEAD + "Process(target=print, name='idle')")
    assert [(made.name, made.target) for made in trace.unstarted] == [("idle", "print")]


@pytest.mark.parametrize(
    ("line", "sign"),
    [
        ("Process(target=print, args=(1))", "args not a tuple"),
        ("Process(target=print())", "target called"),
        ("Process(target=print).join()", "join before start"),
        ("Process(target=print).run()", "run called"),
        ("import threading; threading.Thread(target=print).start()", "thread"),
        ("from multiprocessing.dummy import Process; Process(target=print).start()", "thread"),
    ],
)
def test_slips_leave_their_clue(observe: Observe, line: str, sign: str) -> None:
    trace = observe(HEAD + line)
    assert [clue.sign for clue in trace.clues] == [sign]


def test_a_child_that_starts_processes_on_import_leaves_the_clue_of_a_missing_guard(
    observe: Observe,
) -> None:
    source = HEAD + "Process(target=print).start()\n"
    trace = observe(source, start_method="spawn")
    assert trace.signs("bootstrapping")


def test_a_sign_to_stop_at_ends_the_run_as_soon_as_it_is_seen(observe: Observe) -> None:
    source = HEAD + "Process(target=print).start()\ntime.sleep(600)\n"
    trace = observe(source, start_method="spawn", stop_at=("bootstrapping",))
    assert trace.stopped_by == "sign"
    assert trace.exit_code is None


def test_the_kernel_attests_every_process_and_the_probe_alone_none(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
if __name__ == "__main__":
    process = Process(target=print); process.start(); process.join()
"""
    )
    by_kernel = trace.observer == "linux"
    assert trace.evidence == ("kernel" if by_kernel else "in-process")
    assert {process.attested for process in trace.processes} == {by_kernel}


def test_a_claimed_child_that_does_not_exist_is_not_attested(attest: Observe) -> None:
    trace = attest("""
        import _socket, os, json
        where = os.environ["GRADER_PROBE"].partition(":")[2]
        sock = _socket.socket(_socket.AF_UNIX, _socket.SOCK_DGRAM)
        claim = dict(kind="started", pid=os.getpid(), time=0.0, child=99999999, number=1,
                     name="ghost", target="f", module="", daemon=False, method="fork", pool=0)
        sock.sendto(json.dumps(claim).encode(), where)
        # In another's name:
        sock.sendto(json.dumps({**claim, "pid": os.getppid()}).encode(), where)
        sock.sendto(b"no record", where)
    """)
    assert not [process for process in trace.processes if process.attested and process.pid > 9e7]
    assert trace.of_kind("process") == ()
    assert trace.ignored_records == 3


def test_a_wait_is_not_believed_while_its_child_still_runs(attest: Observe) -> None:
    trace = attest(
        HEAD
        + """
def work(): time.sleep(0.5)
if __name__ == "__main__":
    from grader_probe import channel
    process = Process(target=work); process.start()
    claim = {"child": process.pid, "exit_code": 0}
    channel.send("waited", how="join", saw_end=True, at_exit=False, **claim)
    channel.send("reaped", by_program=True, **claim)
"""
    )
    (child,) = trace.of_kind("process")
    assert child.waited == "at exit"
    assert trace.ignored_records == 2


@pytest.mark.usefixtures("in_process")
def test_claims_of_ends_are_kept_no_more_than_other_reports(
    attest: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.run.reports._MOST_RECORDS", 50)
    trace = attest(
        """
from grader_probe import channel
for _ in range(60):
    channel.send("reaped", child=1 << 30, exit_code=0, by_program=True)
"""
    )
    assert trace.ignored_records == 10


@pytest.mark.parametrize("time", ["time.monotonic() + 5", "1.0"])
def test_a_report_from_another_time_is_not_believed(attest: Observe, time: str) -> None:
    trace = attest(
        f"""
import time
from grader_probe import channel
channel._monotonic = lambda: {time}
channel.send("clue", sign="thread", detail="")
channel._monotonic = time.monotonic
"""
    )
    assert (trace.clues, trace.ignored_records) == ((), 1)


@pytest.mark.usefixtures("in_process")
def test_a_flood_of_tasks_does_not_crowd_out_how_the_pool_was_shut_down(
    attest: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.run.reports._MOST_RECORDS", 5)
    trace = attest(
        HEAD
        + """
if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(abs, range(200), chunksize=1)
"""
    )
    (pool,) = trace.pools
    assert (pool.shutdown, sum(worker.tasks for worker in pool.workers)) == ("with", 50)
    assert trace.ignored_records == 150


@pytest.mark.parametrize("items", ["[1, 2, 3]", "(n for n in (1, 2, 3))"])
@pytest.mark.parametrize("call", ["imap", "imap_unordered"])
def test_results_taken_one_by_one_with_next_leave_nothing_outstanding(
    observe: Observe, call: str, items: str
) -> None:
    # The pool's thread is held up where it would tell how many results there will be.
    trace = observe(
        HEAD
        + f"""
from multiprocessing import pool as pools
said = pools.IMapIterator._set_length
pools.IMapIterator._set_length = lambda *args: (time.sleep(0.2), said(*args))
if __name__ == "__main__":
    with Pool(2) as pool:
        results = pool.{call}(abs, {items})
        for _ in range(3): next(results)
"""
    )
    assert [pool.outstanding for pool in trace.pools] == [0]


def test_results_not_taken_are_outstanding_while_they_are_not_there(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
if __name__ == "__main__":
    with Pool(1) as pool:
        next(pool.imap(time.sleep, [0, 60, 60]))
"""
    )
    assert [pool.outstanding for pool in trace.pools] == [1]


def test_a_group_that_is_signalled_is_terminated_on_purpose(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
import signal
if __name__ == "__main__":
    process = Process(target=time.sleep, args=(60,)); process.start()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        os.killpg(0, signal.SIGTERM)  # it may not have come so far as to be in the group
        process.join(0.1)
        if not process.is_alive(): break
"""
    )
    (child,) = trace.of_kind("process")
    assert (child.exit_code, child.terminated) == (-15, True)


def test_what_goes_elsewhere_through_descriptor_1_was_not_printed(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
null = os.open(os.devnull, os.O_WRONLY)
os.write(1, b"seen ")
real = os.dup(1)
os.dup2(null, 1)
os.write(1, b"lost ")
print("lost too", flush=True)
os.dup2(2, 1)
os.write(1, b"on stderr ")
os.dup2(real, 1)
os.write(1, b"seen again")
"""
    )
    assert trace.text(trace.main.pid, "stdout") == "seen seen again"
    assert trace.text(trace.main.pid, "stderr") == "on stderr "


def test_an_error_of_syntax_is_told_with_its_line_if_it_has_one(observe: Observe) -> None:
    assert _error_of(observe("def f(:\n    pass")).startswith(
        "SyntaxError: invalid syntax: def f(:"
    )
    error = _error_of(observe("exec('\\0')"))
    assert "null bytes" in error
    assert not error.endswith(":")


def _error_of(trace: Trace) -> str:
    assert trace.main.error is not None
    return trace.main.error.text


def test_times_grow_from_the_start_of_the_program(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def work(): print("at work")
if __name__ == "__main__":
    process = Process(target=work); process.start(); process.join()
    print("done")
"""
    )
    (child,) = trace.of_kind("process")
    (wait,) = trace.waits
    at_work, done = (write.time for write in trace.writes)
    assert child.ended is not None
    assert wait.ended is not None
    assert 0 < child.started <= at_work <= wait.ended <= done <= trace.duration
    assert child.started <= child.ended


def test_cpu_time_is_told_for_each_process(observe: Observe) -> None:
    trace = observe(
        HEAD
        + """
def work():
    while time.process_time() < 0.2: pass
if __name__ == "__main__":
    process = Process(target=work); process.start(); process.join()
"""
    )
    (child,) = trace.of_kind("process")
    assert child.cpu_time is not None
    assert child.cpu_time >= 0.2


"""The main program's own was spent on little but starting Python."""

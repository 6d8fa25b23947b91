"""A program that begins warm does and ends as one that begins cold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run.runner import run
from grader.trace import Trace
from tests.conftest import ROOT, needs_warm

pytestmark = needs_warm


def _both(path: Path) -> tuple[Trace, Trace]:
    cold, warm = (run(path, observer="linux", warm=warm) for warm in (False, True))
    assert (cold.start, warm.start) == ("cold", "warm")
    return cold, warm


ENDINGS = {
    "an error": "def f():\n    raise ValueError('no')\nf()",
    "an error from an error": "try:\n    1 / 0\nexcept Exception:\n    raise KeyError(1)",
    "an error in a group": "raise ExceptionGroup('two', [ValueError(1), KeyError(2)])",
    "an error that was caught": "import traceback\ntry:\n    1/0\nexcept Exception:\n"
    "    traceback.print_exc()",
    "an exit": "exit()",
    "a message": "import sys; sys.exit('no')",
    "a large number": "raise SystemExit(259)",
    "an exit with something else": "raise SystemExit([1])",
    "an interrupt": "raise KeyboardInterrupt",
    "a signal": "import os, signal; os.kill(os.getpid(), signal.SIGINT)",
    "an error in the compiler": "return 3",
    "a warning of the compiler's": "x = 1\nprint(x is 1)",
    "another encoding": "# coding: latin-1\nprint('\u00c3\u00a9')",
    "a deep recursion": "def f(n):\n    print(n)\n    f(n + 1)\nf(0)",
    "a library that is not there": "import multiprocessing.threads",
    "a thread that goes on": """
import threading, time
threading.Thread(target=lambda: (time.sleep(0.1), print("later"))).start()
""",
    "a thread that fails": "import threading\nthreading.Thread(target=lambda: 1 / 0).start()",
    "children that go on": """
from multiprocessing import Pool, Process
import time
def show():
    time.sleep(0.1)
    print("still there")
if __name__ == "__main__":
    pool = Pool(1)
    Process(target=show).start()
    Process(target=time.sleep, args=(60,), daemon=True).start()
    print("last of its own")
""",
    "an error in a child": """
from multiprocessing import Process
def fail():
    raise ValueError("no")
if __name__ == "__main__":
    child = Process(target=fail)
    child.start()
    child.join()
    print(child.exitcode)
""",
    "a raw fork": "import os\nif os.fork():\n    os.wait()\nelse:\n    print(2)\n    exit(4)",
    "a file of its own": "print(__file__, __name__)",
    "all that is there before": "print([*globals()])",
    "its first thread": "import os, threading\n"
    "print(threading.main_thread().native_id == os.getpid())",
    "a recursion without a print": "def f(n): return f(n + 1)\nf(0)",
    "an exit with a text of its own": """
class Code:
    def __str__(self): return "text"
    def __format__(self, how): return "other"
raise SystemExit(Code())
""",
    "an interrupt of its own": "class Mine(KeyboardInterrupt): pass\nraise Mine",
    "prints without a line's end": "print('held back', end='')",
    "no output to write to": "import sys; sys.stdout.close()",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_warm_program_says_and_ends_as_a_cold_one_does(
    program: Callable[..., Path], ending: str
) -> None:
    def said(trace: Trace) -> object:
        streams = [trace.text(trace.main.pid, name) for name in ("stdout", "stderr")]
        others = sorted(trace.text(p.pid) for p in trace.processes if p.pid != trace.main.pid)
        return trace.exit_code, streams, others

    cold, warm = map(said, _both(program(ENDINGS[ending])))
    assert warm == cold


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("raise SystemExit(10**30)", id="no C long holds it"),
        pytest.param(
            "class Code:\n    def __str__(self): raise ValueError\nraise SystemExit(Code())",
            id="no text",
        ),
    ],
)
def test_an_exit_that_cannot_be_told_costs_the_same(
    program: Callable[..., Path], source: str
) -> None:
    # What Python says of it is another thing in each of its versions.
    cold, warm = _both(program(source))
    assert warm.exit_code == cold.exit_code


def test_what_was_written_to_a_file_left_open_is_in_it(program: Callable[..., Path]) -> None:
    path = program("file = open('out', 'w')\ndef use(): return file\nfile.write('all')")
    assert run(path, observer="linux", warm=True).start == "warm"
    assert (path.parent / "out").read_text() == "all"


def test_a_pool_in_a_function_that_failed_goes_at_exit(program: Callable[..., Path]) -> None:
    for trace in _both(
        program("""
            from multiprocessing import Pool

            def fail():
                pool = Pool(1)
                print(pool.map(abs, [-1]))
                raise ValueError("no")

            if __name__ == "__main__":
                fail()
        """)
    ):
        assert [worker.waited for worker in trace.of_kind("worker")] == ["at exit"]


def test_an_error_while_the_last_threads_end_is_shown_and_costs_nothing(
    program: Callable[..., Path],
) -> None:
    for trace in _both(
        program("""
            import os, signal, threading

            handled = threading.Event()

            def late(*_):
                handled.set()
                raise ValueError("late")

            def send():
                threading.main_thread().join()
                os.kill(os.getpid(), signal.SIGUSR1)
                handled.wait()

            signal.signal(signal.SIGUSR1, late)
            threading.Thread(target=send).start()
        """)
    ):
        assert trace.exit_code == 0
        assert trace.text(trace.main.pid).endswith("ValueError: late\n")


def _facts(trace: Trace) -> object:
    """What a run came to, without PIDs and times."""
    names = {process.pid: process.name for process in trace.processes}
    workers = {process.pid for process in trace.of_kind("worker")}
    return {
        "run": (trace.start_method, trace.evidence, trace.exit_code, trace.stopped_by),
        "processes": sorted(
            (p.kind, p.name, p.target or "", p.start_method or "", str(p.exit_code), p.waited)
            for p in trace.processes
            if p.kind != "worker"  # of these with luck one does it all, and ends by itself
        ),
        "pools": [
            (p.flavour, p.asked, p.size, p.shutdown, p.functions, p.errors_collected)
            for p in trace.pools
        ],
        "unstarted": [(each.name, each.target) for each in trace.unstarted],
        "clues": sorted((clue.sign, clue.detail) for clue in trace.clues),
        "waits": sorted(
            (names[w.pid], names[w.child], w.how, w.at_exit)
            for w in trace.waits
            if w.child not in workers  # for which the pool waits in one way or the other
        ),
        "writers": sorted({(names[w.pid], w.stream) for w in trace.writes}),
        "ignored": trace.ignored_records,
    }


VARIED = (
    "q3/right/manager_dict.py",
    "q3/right/polls_active_children.py",
    "q3/right/waits_for_the_sentinel.py",
    "q3/right/joined_by_a_thread.py",
    "q3/wrong/sleeps_instead_of_joining.py",
    "q5/right/error_caught_from_map.py",
    "q5/right/initializer_shares_a_counter.py",
    "q5/right/thread_pool_beside_the_pool.py",
    "q5/wrong/process_pool_executor.py",
    "q5/wrong/never_closed.py",
    "q5/wrong/import_missing.py",
    "q6/right/result_queue_beside.py",
    "q6/right/polls_active_children.py",
    "q6/wrong/dummy_processes.py",
)


@pytest.mark.parametrize("name", VARIED)
def test_a_warm_program_and_a_cold_one_give_the_same_trace(name: str) -> None:
    cold, warm = map(_facts, _both(ROOT / "tests" / "submissions" / name))
    assert warm == cold

"""A program that begins warm ends as one that begins cold."""

from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run import keepers
from grader.run.runner import run
from grader.trace import Trace


def _both(path: Path) -> tuple[Trace, Trace]:
    cold, warm = (run(path, observer="linux", warm=warm) for warm in (False, True))
    assert (cold.start, warm.start) == ("cold", "warm")
    return cold, warm


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("def f(n): return f(n + 1)\nf(0)", id="recursion"),
        pytest.param("print([*globals()])", id="globals"),
        pytest.param(
            "import os, threading\nprint(threading.main_thread().native_id == os.getpid())",
            id="thread",
        ),
        pytest.param(
            "class Code:\n"
            "    def __str__(self): return 'text'\n"
            "    def __format__(self, how): return 'other'\n"
            "raise SystemExit(Code())",
            id="exit text",
        ),
        pytest.param("class Mine(KeyboardInterrupt): pass\nraise Mine", id="own interrupt"),
    ],
)
def test_both_end_the_same_and_say_the_same(program: Callable[..., Path], source: str) -> None:
    cold, warm = _both(program(source))
    assert warm.exit_code == cold.exit_code
    assert warm.text(warm.main.pid) == cold.text(cold.main.pid)


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
    cold, warm = _both(program(source))  # what Python says of it is another thing in each version
    assert warm.exit_code == cold.exit_code


def test_what_was_written_to_a_file_left_open_is_in_it(program: Callable[..., Path]) -> None:
    path = program("file = open('out', 'w')\ndef use(): return file\nfile.write('all')")
    assert run(path, observer="linux", warm=True).start == "warm"
    assert (path.parent / "out").read_text() == "all"


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


def test_a_keeper_that_a_program_has_had_scheduled_otherwise_is_replaced(
    program: Callable[..., Path],
) -> None:
    line, _guard, keeper = keepers.begin("warm programs", sandboxed=False)
    line.close()
    source = f"import os\nos.sched_setscheduler({keeper.pid}, os.SCHED_BATCH, os.sched_param(0))"
    run(program(source), observer="linux", warm=True)
    told = run(program("import os; print(os.sched_getscheduler(0))"), observer="linux", warm=True)
    assert told.text(told.main.pid) == "0\n"


@pytest.mark.parametrize("name", ["-q6.py", "q6.txt"])
def test_a_file_that_python_does_not_take_as_it_is_begins_cold(
    program: Callable[..., Path], name: str
) -> None:
    assert run(program("", name), observer="linux", warm=True).start == "cold"

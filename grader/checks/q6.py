"""Q6: create 4 processes that each print a different number."""

from collections.abc import Mapping
from decimal import Decimal

from msgspec import structs

from grader.checks import slips
from grader.checks.base import Check, Exercise, Verdict, fails, holds
from grader.checks.common import JOINED, RAN_CLEAN
from grader.checks.evidence import listed, named, own_processes, pids, printed, processes
from grader.checks.numbers import Printed, own_numbers, printed_numbers
from grader.checks.q3 import why_no_process
from grader.trace import Process, Trace

WANTED = 4


def judge_four_processes(trace: Trace) -> Verdict:
    """Exactly four Process objects were started."""
    started = own_processes(trace)
    if len(started) == WANTED:
        return holds(f"4 processes were started: {pids(started)}.")
    if not started:
        return fails("4 processes are wanted, and none was started.", why_no_process(trace))
    return fails(
        f"4 processes are wanted, and {processes(len(started))} "
        f"{'was' if len(started) == 1 else 'were'} started: {pids(started)}.",
        slips.joined_before_start(trace),
        slips.never_started(trace) or slips.run_called(trace),
    )


def judge_distinct_pids(trace: Trace) -> Verdict:
    """Four different child PIDs wrote output."""
    started = own_processes(trace)
    writers = [p for p in started if printed(trace, p).strip()]
    if len({p.pid for p in writers} - {trace.main.pid}) == WANTED:
        return holds(f"Each of the 4 wrote output of its own: {pids(writers)}.")
    silent = [p for p in started if p not in writers]
    some = f"Only {len(writers)} of the 4 processes" if writers else "None of the 4 processes"
    in_main = not writers and trace.text(trace.main.pid, "stdout")
    return fails(
        f"{some} printed anything: nothing came from {listed(named(p) for p in silent)}.",
        "The main program printed instead." if in_main else None,
        slips.target_called(trace),
    )


def judge_distinct_numbers(trace: Trace) -> Verdict:
    """Each of the four printed a number that none of the others printed."""
    started = own_processes(trace)
    numbers = printed_numbers(trace, started)
    own = own_numbers(numbers)
    if all(own[p.pid] for p in started):
        shown = (f"{_last_of(numbers[p.pid], own[p.pid])} by PID {p.pid}" for p in started)
        return holds(f"Four different numbers were printed: {listed(shown)}.")
    without = [p for p in started if not own[p.pid]]
    numberless = [p for p in without if not numbers[p.pid].numbers]
    if numberless:
        return fails(
            f"{listed(named(p) for p in numberless)} printed no number "
            f"(PIDs and the names of processes are not counted): {_quoted(trace, numberless[0])}."
        )
    first = without[0]
    return fails(
        f"{named(first)} printed {_numbers(numbers[first.pid])}, and "
        f"{listed(_sharing(first, started, numbers))}: each process must print a number "
        "that no other prints.",
        _several_in_one(started, numbers),
    )


def _sharing(
    first: Process, started: tuple[Process, ...], numbers: Mapping[int, Printed]
) -> list[str]:
    shared = set(numbers[first.pid].numbers)
    return [
        f"{named(p)} printed {_numbers(numbers[p.pid])}"
        for p in started
        if p is not first and shared.intersection(numbers[p.pid].numbers)
    ]


def _several_in_one(started: tuple[Process, ...], numbers: Mapping[int, Printed]) -> str | None:
    for process in started:
        if len(set(numbers[process.pid].numbers)) > 1:
            return f"PID {process.pid} printed several: {_numbers(numbers[process.pid])}."
    return None


def _last_of(printed: Printed, own: frozenset[Decimal]) -> str:
    """The number that a sentence leads up to."""
    return next(f"{number:f}" for number in reversed(printed.numbers) if number in own)


def _numbers(found: Printed) -> str:
    return listed(f"{number:f}" for number in dict.fromkeys(found.numbers))


def _quoted(trace: Trace, process: Process) -> str:
    longest = 60
    text = " ".join(printed(trace, process).split())
    return f'"{text if len(text) <= longest else text[:longest] + "..."}"'


EXERCISE = Exercise(
    id="q6",
    title="Create 4 processes that each print a different number",
    question="Write a Python program to create 4 processes, each process should print a "
    "different number using the multiprocessing module in Python.",
    checks=(
        RAN_CLEAN,
        Check(
            id="four_processes",
            title="Exactly four Processes are started",
            points=2,
            judge=judge_four_processes,
            hints=(
                "Count the calls of start(): how many processes do they make?",
                "A Process object starts one process, once. A Pool's workers are its own.",
                (
                    "processes = [Process(target=show, args=(n,)) for n in range(1, 5)], then "
                    "start each of them in a loop."
                ),
            ),
        ),
        Check(
            id="distinct_pids",
            title="Four different processes print, none of them the main program",
            points=2,
            judge=judge_distinct_pids,
            needs=("four_processes",),
            hints=(
                "In which process does each print() happen?",
                "The print() belongs into the function that is the target, not around start().",
                (
                    "def show(n): print(n), and Process(target=show, args=(n,)) without () after "
                    "show: then each process calls it itself."
                ),
            ),
        ),
        Check(
            id="distinct_numbers",
            title="Each of the four prints a number that no other prints",
            points=2,
            judge=judge_distinct_numbers,
            needs=("distinct_pids",),
            hints=(
                "What makes the number of one process differ from that of the next?",
                "Give each process its own number through args, as in args=(n,).",
                "for n in range(1, 5): Process(target=show, args=(n,)) - and show prints n.",
            ),
        ),
        structs.replace(JOINED, needs=("four_processes",)),
    ),
)

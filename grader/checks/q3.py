"""Q3: create a process."""

from msgspec import structs

from grader.checks import slips
from grader.checks.base import Check, Exercise, Verdict, fails, holds
from grader.checks.common import JOINED, RAN_CLEAN
from grader.checks.evidence import (
    cut_short,
    ending,
    error_of,
    listed,
    named,
    own_processes,
)
from grader.trace import Process, Trace


def judge_process_started(trace: Trace) -> Verdict:
    """At least one multiprocessing Process was started."""
    started = own_processes(trace)
    if started:
        return holds(f"{listed(named(p) for p in started)} started.")
    return fails("No multiprocessing Process was started.", why_no_process(trace))


def why_no_process(trace: Trace) -> str | None:
    """What was done instead of starting a Process."""
    return (
        slips.run_called(trace)
        or slips.joined_before_start(trace)
        or slips.never_started(trace)
        or slips.pool_for_processes(trace)
        or slips.threads(trace)
        or slips.forks(trace)
        or slips.commands(trace)
        or slips.shadowed_module(trace)
        or slips.args_not_a_tuple(trace)
        or cut_short(trace)
        or slips.nothing_happened(trace)
    )


def judge_work_in_child(trace: Trace) -> Verdict:
    """A started child ran the learner's own target or run() to its end."""
    started = own_processes(trace)
    done = [p for p in started if p.completed and p.pid != trace.main.pid]
    if done:
        return holds(f"{done[0].target}() ran to its end in {named(done[0])}.")
    return fails(
        f"No process ran work of yours to its end: {listed(map(_what_it_did, started))}.",
        slips.target_called(trace) or slips.of_errors(trace, started),
    )


def _what_it_did(process: Process) -> str:
    name, error = named(process), error_of(process)
    if process.target is None:
        return f"{name} was given nothing to run, neither a target nor a run() of its own"
    what = f"{name} did not come to the end of {process.target}()"
    if process.daemon and process.waited == "at exit":
        return f"{what}: it is a daemon, and those are ended together with the program"
    if process.terminated:
        return f"{what}, because the program ended it before"
    if error:
        return f"{what}: {error}"
    if process.killed or process.exit_code is None:
        return f"{what} in time"
    if process.exit_code == 0:
        return f"{what}: it left by os._exit() or the like"
    return f"{what}: it {ending(process.exit_code)}"


EXERCISE = Exercise(
    id="q3",
    title="Create a process",
    question="Write a Python code to create a process using the multiprocessing module.",
    checks=(
        RAN_CLEAN,
        Check(
            id="process_started",
            title="A multiprocessing Process is started",
            points=3,
            judge=judge_process_started,
            hints=(
                "Which class of the multiprocessing module stands for one process?",
                "Process(target=...) only describes a process. Something more brings it to life.",
                "process = Process(target=work); process.start()",
            ),
        ),
        Check(
            id="work_in_child",
            title="Your own work runs to its end in that process",
            points=3,
            judge=judge_work_in_child,
            needs=("process_started",),
            hints=(
                "What is the new process told to do?",
                "target takes the function itself, not what it returns: no () after its name.",
                "Process(target=work, args=(1, 2)) calls work(1, 2) in the new process.",
            ),
        ),
        structs.replace(JOINED, needs=("process_started",)),
    ),
)

"""The checks that several exercises share: ran_clean and joined."""

from collections.abc import Sequence

from grader.checks import slips
from grader.checks.base import Check, Verdict, fails, holds
from grader.checks.evidence import (
    count,
    ending,
    failed_by_itself,
    last_error,
    listed,
    named,
    own_processes,
    pids,
    processes,
)
from grader.trace import Process, Trace


def judge_ran_clean(trace: Trace) -> Verdict:
    """The program and all its processes ended by themselves, in time and without error."""
    if trace.timed_out:
        return _timed_out(trace)
    if trace.exit_code:
        error = last_error(trace, trace.main.pid)
        why = f" with {error}" if error else ""
        return fails(f"The program {ending(trace.exit_code)}{why}.", slips.of_error(trace, error))
    failed = [p for p in trace.processes[1:] if p.kind != "helper" and failed_by_itself(p)]
    if failed:
        return _child_failed(trace, failed)
    outlived = [p for p in trace.processes if p.outlived]
    if outlived:
        return fails(
            f"{listed(_described(p) for p in outlived)} "
            f"{'was' if len(outlived) == 1 else 'were'} still running when the program had "
            "ended, and had to be killed."
        )
    return holds(
        f"The program and its {processes(len(trace.processes) - 1)} ended by themselves."
        if len(trace.processes) > 1
        else "The program ended by itself."
    )


def _timed_out(trace: Trace) -> Verdict:
    limit = f"{trace.limits.wall_time:g} s"
    failed = [p for p in trace.processes[1:] if failed_by_itself(p)]
    error = next(filter(None, (last_error(trace, p.pid) for p in failed)), None)
    waits = [w for w in trace.waits if w.ended is None]
    waiting = next((trace.process(w.child) for w in waits if w.pid == trace.main.pid), None)
    if waiting is not None:
        where = f" It was waiting in join() for {named(waiting)}, which did not end."
    elif len(trace.processes) > 1:
        left = [p for p in trace.processes[1:] if p.killed and p.kind != "helper"]
        where = f" {count(len(left), 'child', 'children').capitalize()} still ran." if left else ""
    else:
        where = ""
    if error and failed:
        where += f" {named(failed[0])} had ended with {error}."
    return fails(
        f"The program did not end within the time limit of {limit} and was stopped.{where}",
        slips.of_error(trace, error),
    )


def _child_failed(trace: Trace, failed: Sequence[Process]) -> Verdict:
    first = failed[0]
    error = last_error(trace, first.pid)
    how = ending(first.exit_code or 0) + (f", {error}" if error else "")
    others = f" So did {listed(named(p) for p in failed[1:])}." if len(failed) > 1 else ""
    return fails(f"{named(first)} {how}.{others}", slips.of_error(trace, error))


def _described(process: Process) -> str:
    target = f", target {process.target}" if process.target else ""
    return f"{process.name} (PID {process.pid}{target})"


RAN_CLEAN = Check(
    id="ran_clean",
    title="The program and its processes end by themselves, without an error",
    points=2,
    judge=judge_ran_clean,
    hints=(
        "Run the file yourself, with python. Does it end? Of an error, read the last line.",
        (
            "The last line of a traceback says what went wrong; the line above it shows where. "
            "An error in a child process is printed by that child, and the program goes on."
        ),
        (
            "If it never ends: something waits for what never comes - a join() on a process that "
            "does not end, a get() on an empty queue, a pool whose worker died."
        ),
    ),
)


def judge_joined(trace: Trace) -> Verdict:
    """The program itself waited for the end of every process that it started."""
    started = own_processes(trace)
    waited = [p for p in started if p.waited in ("joined", "otherwise")]
    missed = [p for p in started if p not in waited]
    if not missed:
        return holds(f"The program waited for {_all(started)} to end.")
    it = "it" if len(missed) == 1 else "them"
    message = f"The program never waited for {listed(named(p) for p in missed)} to end: "
    endless = [w for w in trace.waits if w.ended is None and w.child in {p.pid for p in missed}]
    if endless:
        return fails(f"{message}the {endless[0].how}() that it called never came back.")
    message += f"join() was not called on {it}, or came back too early."
    slip = None
    if len(waited) == 1 and waited[0] == started[-1] and len(started) > 1:
        slip = (
            f"Only the last process, {named(waited[0])}, was joined: "
            "call join() on each of them, in a loop of its own."
        )
    elif any(p.waited == "at exit" for p in missed):
        slip = f"Python joined {it} at exit by itself, which leaves the program no say in it."
    return fails(message, slip)


def _all(started: Sequence[Process]) -> str:
    if len(started) == 1:
        return named(started[0])
    return f"all {len(started)} processes ({pids(started)})"


JOINED = Check(
    id="joined",
    title="The program waits for every process that it started",
    points=2,
    judge=judge_joined,
    hints=(
        "After start(), who waits until the process has done its work?",
        "process.join() waits until that one process has ended. Every process needs its own.",
        (
            "Keep the processes in a list; start all in one loop, then in a second loop write "
            "`for process in processes: process.join()`."
        ),
    ),
)

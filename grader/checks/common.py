"""The checks that several exercises share: ran_clean and joined."""

from collections.abc import Sequence

from grader.checks import slips
from grader.checks.base import Check, Verdict, fails, holds
from grader.checks.evidence import (
    count,
    ending,
    error_of,
    failed_by_itself,
    listed,
    named,
    own_processes,
    pids,
    processes,
    size,
)
from grader.trace import Process, Trace


def judge_ran_clean(trace: Trace) -> Verdict:
    """The program and all its processes ended by themselves, in time and without error."""
    if trace.timed_out:
        return _timed_out(trace)
    if trace.went_too_far:
        return _went_too_far(trace)
    if trace.cells and trace.cells[-1].status == "died":
        return fails(
            f"The kernel {ending(trace.exit_code or 0)} in {trace.cells[-1].name}: "
            "os._exit(), a signal or a crash ends the whole notebook.",
            hint=_IN_JUPYTER,
        )
    if trace.exit_code:
        error = error_of(trace.main)
        why = f" with {error}" if error else ""
        if trace.cells:
            said = f"The cell ended with {error}."
            return fails(said, slips.of_error(trace, error), hint=_IN_JUPYTER)
        return fails(f"The program {ending(trace.exit_code)}{why}.", slips.of_error(trace, error))
    hidden = error_of(trace.main)
    if hidden and not trace.cells and trace.exit_code == 0:
        return fails(
            f"The program ended with {hidden}, and then said by its exit code that there was "
            "no error.",
            slips.of_error(trace, hidden),
        )
    failed = [p for p in trace.processes[1:] if failed_by_itself(p)]
    if failed:
        return fails(f"{listed(map(_failure, failed))}.", slips.of_errors(trace, failed))
    outlived = [p for p in trace.processes if p.outlived]
    if outlived:
        return fails(
            f"{listed(_described(p) for p in outlived)} "
            f"{'was' if len(outlived) == 1 else 'were'} still running when the program had "
            "ended, and had to be killed."
        )
    return holds(
        f"The program and its {processes(len(trace.processes) - 1)} ended without an error."
        if len(trace.processes) > 1
        else "The program ended without an error."
    )


def _timed_out(trace: Trace) -> Verdict:
    failed = [p for p in trace.processes[1:] if failed_by_itself(p)]
    waits = [w for w in trace.waits if w.ended is None]
    waiting = next((trace.process(w.child) for w in waits if w.pid == trace.main.pid), None)
    left = [p for p in trace.processes[1:] if p.killed and p.kind != "helper"]
    if waiting is not None:
        where = f"It was waiting in join() for {named(waiting)}, which did not end."
    elif left:
        where = f"{count(len(left), 'child', 'children').capitalize()} still ran."
    else:
        where = None
    return fails(
        f"The program did not end within the time limit of {trace.limits.wall_time:g} s and was "
        "stopped.",
        where,
        f"{listed(map(_failure, failed))} before." if failed else None,
        slips.of_errors(trace, failed),
        hint=_ENDLESS,
    )


def _went_too_far(trace: Trace) -> Verdict:
    if trace.stopped_by == "observer ended":
        return fails(
            "The program ended the process that observed it, and was stopped. What it did "
            "besides is not known.",
            hint=_HANDS_OFF,
        )
    limits = trace.limits
    allowed = {
        "cpu limit": f"used more than {limits.cpu_time:g} s of processor time",
        "memory limit": f"took more than {size(limits.memory)} of memory",
        "process limit": f"were more than {limits.processes} at once, or had more than "
        f"{limits.threads} threads",
        "scratch limit": f"wrote more than {size(limits.scratch)} of temporary files",
    }[trace.stopped_by or ""]
    return fails(
        f"The program and its processes {allowed}, the limit here, and were stopped.",
        hint=_ENDLESS_GROWTH,
    )


_HANDS_OFF = "Which processes does your program send signals to, and which of them did it start?"


def _failure(process: Process) -> str:
    error = error_of(process)
    return f"{named(process)} {ending(process.exit_code or 0)}{f' ({error})' if error else ''}"


def _described(process: Process) -> str:
    target = f", target {process.target}" if process.target else ""
    return f"{process.name} (PID {process.pid}{target})"


_ENDLESS = (
    "If it never ends: something waits for what never comes - a join() on a process that does "
    "not end, a get() on an empty queue, a pool whose worker died."
)

_IN_JUPYTER = (
    "Restart the kernel and run all cells from the top. Of an error, read the last line: it "
    "says what went wrong."
)

_ENDLESS_GROWTH = (
    "Look for what never stops: a loop that starts processes, appends to a list, or writes. "
    "No exercise needs as much as that."
)

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
        _ENDLESS,
        _ENDLESS_GROWTH,
        _IN_JUPYTER,
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
    early = [w for w in trace.waits if not (w.saw_end or w.at_exit)]
    if any(w.child in {p.pid for p in missed} for w in early):
        message += f"{early[0].how}() came back before that, at its time-out."
    else:
        message += f"join() was not called on {it}. Write process.join(), with the ()."
    slip = None
    if len(waited) == 1 and waited[0] == started[-1] and len(started) > 1:
        slip = (
            f"Only the last process, {named(waited[0])}, was joined: "
            "call join() on each of them, in a loop of its own."
        )
    elif all(p.daemon for p in missed):
        slip = "A daemon is ended together with the program, wherever it is in its work."
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

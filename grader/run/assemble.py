"""From the log of a run to its Trace: a pure function, the same for every observer."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from msgspec import Struct, field, structs

from grader.run.observation import HELPER_CODE, HELPER_MODULE, Life, Observation, since
from grader.run.pools import pools
from grader.run.records import (
    Begun,
    ClueSeen,
    Created,
    ErrorEnded,
    Finished,
    Forked,
    Hello,
    Program,
    Reaped,
    Record,
    Signalled,
    Started,
    StartFailed,
    Waited,
)
from grader.run.waits import waits_of
from grader.trace import (
    Clue,
    Error,
    Kind,
    Limits,
    Process,
    Start,
    Trace,
    Unstarted,
    Wait,
    Write,
)
from grader.trace import (
    Waited as HowWaited,
)

_WORKER_MODULES = ("multiprocessing.pool", "concurrent.futures.process")


def assemble(
    log: Observation,
    *,
    program: str,
    python: str,
    start_method: str,
    observer: Literal["linux", "portable"],
    sandbox: str,
    start: Start,
    limits: Limits,
) -> Trace:
    """The Trace of one run."""
    waits = waits_of(log)
    processes = _processes(log, waits, Path(program).name)
    return Trace(
        program=program,
        python=python,
        start_method=start_method,
        observer=observer,
        evidence="kernel" if observer == "linux" else "in-process",
        sandbox=sandbox,
        start=start,
        limits=limits,
        exit_code=log.exit_code,
        stopped_by=log.stopped_by,
        duration=log.ended - log.began,
        processes=processes,
        writes=_writes(log, processes),
        waits=waits,
        pools=pools(log),
        unstarted=_unstarted(log),
        clues=tuple(
            Clue(record.pid, since(log, record.time), record.sign, record.detail)
            for record in log.records
            if isinstance(record, ClueSeen)
        ),
        truncated=log.truncated,
        ignored_records=log.ignored + _unsupported(log),
    )


class _Facts(Struct):
    """What is known of one process, put together from all who reported it."""

    life: Life
    hello: Hello | None = None
    forked: Forked | None = None
    started: Started | None = None
    begun: Begun | None = None
    finished: Finished | None = None
    program: Program | None = None
    error: ErrorEnded | None = None
    exit_codes: list[int] = field(default_factory=list)
    signals: set[int] = field(default_factory=set)
    waits: list[Wait] = field(default_factory=list)
    heard: float = 0.0
    """When it last reported something itself."""


def _processes(log: Observation, waits: Iterable[Wait], name: str) -> tuple[Process, ...]:
    facts = {pid: _Facts(life) for pid, life in log.lives.items()}
    for record in log.records:
        _note(facts, record)
        if record.pid in facts:
            heard = facts[record.pid].heard
            facts[record.pid].heard = max(heard, since(log, record.time))
    to_groups = {r.signal for r in log.records if isinstance(r, Signalled) and r.child <= 0}
    for fact in facts.values():
        fact.signals |= to_groups
    for wait in waits:
        if wait.child in facts:
            facts[wait.child].waits.append(wait)
    root = structs.replace(_process(log, facts.pop(log.root)), name=name, exit_code=log.exit_code)
    ordered = sorted(facts.values(), key=_order)
    return (root, *(_process(log, fact) for fact in ordered))


def _order(facts: _Facts) -> float:
    """When the one who started it says so: children tell the time in no order."""
    return facts.started.time if facts.started else facts.life.seen


def _note(facts: dict[int, _Facts], record: Record) -> None:
    """Add a record to what is known of the process that it is about.

    One about a process that no observer saw is a claim that nothing supports.
    """
    about = facts.get(getattr(record, "child", record.pid))
    if about is None:
        return
    match record:
        case Hello():
            about.hello = record
        case Forked():
            about.forked = record
        case Begun():
            about.begun = record
        case Started():
            about.started = record
        case Program():
            about.program = record
        case ErrorEnded():
            about.error = record
        case Finished():
            # Under spawn two come: from the end of the process's work, and from the exit
            # of its interpreter, which does not know how that went.
            if about.finished is None or record.exit_code is not None:
                about.finished = record
        case Waited() | Reaped():
            if record.exit_code is not None:
                about.exit_codes.append(record.exit_code)
        case Signalled():
            if record.child != record.pid:
                about.signals.add(record.signal)


def _process(log: Observation, facts: _Facts) -> Process:
    life = facts.life
    kind = _kind(log, facts)
    exit_code = _exit_code(facts)
    own = facts.begun or facts.started
    told = (facts.started, facts.hello, facts.forked, facts.begun)
    births = [record.time for record in told if record]
    started = min([life.seen, *births]) if life.pid != log.root else log.began
    ended = life.ended if life.ended is not None else _reported_end(facts)
    # Whoever waited for it knew of its end before the observer came to look.
    seen_at = [wait.ended for wait in _seen_ends(log, facts) if wait.ended is not None]
    return Process(
        pid=life.pid,
        parent=_parent(facts),
        kind=kind,
        name=_name(kind, facts),
        target=own.target if own else None,
        start_method=facts.started.method if facts.started else None,
        daemon=facts.started.daemon if facts.started else False,
        started=since(log, started),
        ended=None if ended is None else min([since(log, ended), *seen_at]),
        exit_code=exit_code,
        error=_error(log, facts.error),
        cpu_time=_cpu_time(facts),
        waited=_how_waited(log, facts),
        completed=_completed(facts, exit_code),
        terminated=exit_code is not None and exit_code < 0 and -exit_code in facts.signals,
        killed=life.killed,
        outlived=life.outlived,
        attested=life.attested,
    )


def _kind(log: Observation, facts: _Facts) -> Kind:
    if facts.life.pid == log.root:
        return "main"
    own = facts.begun or facts.started
    if own is not None:
        if own.module == HELPER_MODULE:
            return "helper"
        return "worker" if own.module in _WORKER_MODULES else "process"
    if facts.hello is not None:
        return "helper" if _helper_name(facts.hello) else "program"
    if facts.forked is not None and facts.program is None:
        return "fork"
    return "program"


def _name(kind: Kind, facts: _Facts) -> str:
    own = facts.begun or facts.started
    if own is not None:
        return own.name
    if kind == "helper" and facts.hello is not None:
        return _helper_name(facts.hello)
    if kind == "program" and facts.program is not None:
        return facts.program.command
    return facts.life.command or kind


def _helper_name(hello: Hello) -> str:
    """What multiprocessing started this interpreter for, "" if it did not."""
    for code in HELPER_CODE:
        if any(code in argument for argument in hello.argv):
            return code.rpartition(".")[2].replace("_", " ")
    return ""


def _parent(facts: _Facts) -> int | None:
    if facts.started is not None:
        return facts.started.pid
    if facts.begun is not None:
        return facts.begun.parent
    if facts.forked is not None:
        return facts.forked.parent
    if facts.program is not None:
        return facts.program.pid
    return facts.life.parent


def _exit_code(facts: _Facts) -> int | None:
    """The kernel's word where it gave it to the runner, else what the parent was given."""
    if facts.life.exit_code is not None:
        return facts.life.exit_code
    if facts.exit_codes:
        return facts.exit_codes[0]
    return facts.finished.exit_code if facts.finished else None


def _error(log: Observation, record: ErrorEnded | None) -> Error | None:
    if record is None:
        return None
    return Error(since(log, record.time), record.text, record.file, record.line)


def _cpu_time(facts: _Facts) -> float | None:
    """The kernel counts to the end, but in ticks; the process itself exactly, but not all."""
    told = [facts.life.cpu_time, facts.finished.cpu_time if facts.finished else None]
    return max((time for time in told if time is not None), default=None)


def _reported_end(facts: _Facts) -> float | None:
    if facts.finished is not None and not facts.life.killed:
        return facts.finished.time
    return None


def _completed(facts: _Facts, exit_code: int | None) -> bool:
    """Its run() returned: only then is there a report of its end, with exit code 0."""
    return (
        facts.begun is not None
        and facts.begun.target is not None
        and facts.finished is not None
        and facts.finished.exit_code == 0
        and exit_code == 0
    )


def _seen_ends(log: Observation, facts: _Facts) -> list[Wait]:
    """The waits that saw the end of a process, as far as that can be.

    Only who started a process can wait for it. One that reports anything after its end was
    seen had not ended, and neither had one that outlived the program or had to be killed.
    Nothing is seen after the program's own end.
    """
    if facts.life.killed or facts.life.outlived:
        return []
    return [
        wait
        for wait in facts.waits
        if wait.saw_end
        and wait.pid == _parent(facts)
        and facts.heard <= (wait.ended or 0.0) <= since(log, log.ended)
    ]


def _how_waited(log: Observation, facts: _Facts) -> HowWaited:
    """The best of the waits that saw the end."""
    seen = _seen_ends(log, facts)
    if any(wait.how == "join" and not wait.at_exit for wait in seen):
        return "joined"
    if any(not wait.at_exit for wait in seen):
        return "otherwise"
    return "at exit" if seen else "never"


def _writes(log: Observation, processes: Iterable[Process]) -> tuple[Write, ...]:
    """What was written, at the time it was read, but not after its writer's end."""
    ends = {process.pid: process.ended for process in processes}
    return tuple(
        structs.replace(write, time=end)
        if (end := ends.get(write.pid)) is not None and end < write.time
        else write
        for write in log.writes
    )


def _unsupported(log: Observation) -> int:
    claims = (r.child for r in log.records if isinstance(r, (Started, Program)))
    return sum(child not in log.lives for child in claims)


def _unstarted(log: Observation) -> tuple[Unstarted, ...]:
    created = {(r.pid, r.number): r for r in log.records if isinstance(r, Created)}
    for record in log.records:
        if isinstance(record, (Started, StartFailed)):
            created.pop((record.pid, record.number), None)
    return tuple(Unstarted(r.pid, r.name, r.target, since(log, r.time)) for r in created.values())

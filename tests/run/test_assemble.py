"""From the log of a run to its trace: whose word counts, and whose does not."""

import json
from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from grader.checks import exercise, exercise_ids
from grader.mark import mark
from grader.report.as_json import report_json
from grader.report.lines import render
from grader.report.text import report_text
from grader.run.assemble import assemble
from grader.run.observation import Life, Observation
from grader.run.pools import pools
from grader.run.records import (
    Begun,
    ClueSeen,
    Created,
    ErrorCollected,
    Finished,
    Forked,
    Hello,
    PoolCalled,
    PoolCreated,
    Program,
    Reaped,
    Record,
    Signalled,
    Started,
    Task,
    TaskFailed,
    Waited,
    Waiting,
)
from grader.trace import Clue, Limits, Process, Trace, Unstarted, Wait, Worker, Write
from tests.report.traces import a_report, unhurried

ROOT, CHILD, OTHER, GHOST = 100, 101, 102, 999
BEGAN = 1000.0
"""On the monotonic clock, which began long before the run."""


def life(pid: int, seen: float = 0.0, **more: Any) -> Life:
    """What the kernel told of one process; times count from the run's beginning."""
    return Life(pid, seen=BEGAN + seen, **{"attested": True, **more})


def logged(
    records: tuple[Record, ...] = (), *, lives: tuple[Life, ...] = (), **more: Any
) -> Observation:
    """The log of a run of one second with these reports, of the root and these others."""
    everyone = (life(ROOT, ended=BEGAN + 1, exit_code=0), *lives)
    facts: dict[str, Any] = {
        "root": ROOT,
        "began": BEGAN,
        "ended": BEGAN + 1,
        "exit_code": 0,
        "stopped_by": None,
        "records": records,
        "lives": {one.pid: one for one in everyone},
        "writes": (),
        "truncated": (),
        "ignored": 0,
    }
    return Observation(**{**facts, **more})


def observed(*records: Record, **more: Any) -> Trace:
    """The trace of such a run."""
    return assemble(
        logged(records, **more),
        program="/home/ada/q6.py",
        python="3.12.3",
        start_method="fork",
        observer="linux",
        sandbox="off",
        start="cold",
        limits=Limits(),
    )


def started(child: int = CHILD, time: float = 0.1, **more: Any) -> Started:
    facts: dict[str, Any] = {
        "pid": ROOT,
        "number": child - ROOT,
        "name": f"Process-{child - ROOT}",
        "target": "show",
        "module": "__main__",
        "daemon": False,
        "method": "fork",
        "pool": 0,
    }
    return Started(time=BEGAN + time, child=child, **{**facts, **more})


def begun(pid: int = CHILD, time: float = 0.2, **more: Any) -> Begun:
    facts: dict[str, Any] = {
        "parent": ROOT,
        "name": f"Process-{pid - ROOT}",
        "target": "show",
        "module": "__main__",
    }
    return Begun(pid=pid, time=BEGAN + time, **{**facts, **more})


def finished(pid: int = CHILD, time: float = 0.3, exit_code: int | None = 0) -> Finished:
    return Finished(pid=pid, time=BEGAN + time, exit_code=exit_code, cpu_time=0.01)


def waited(child: int = CHILD, time: float = 0.4, **more: Any) -> Waited:
    facts: dict[str, Any] = {
        "pid": ROOT,
        "how": "join",
        "saw_end": True,
        "exit_code": 0,
        "at_exit": False,
    }
    return Waited(time=BEGAN + time, child=child, **{**facts, **more})


def waiting(child: int = CHILD, time: float = 0.25, **more: Any) -> Waiting:
    facts: dict[str, Any] = {"pid": ROOT, "how": "join", "at_exit": False}
    return Waiting(time=BEGAN + time, child=child, **{**facts, **more})


def the_child(*records: Record, **more: Any) -> Process:
    """The one process beside the root, as it stands in the trace."""
    trace = observed(*records, lives=(life(CHILD, 0.1, **more),))
    (_root, child) = trace.processes
    return child


# -- what an honest program reports --------------------------------------------------------


def test_an_ordinary_process_from_its_start_to_its_join() -> None:
    trace = observed(
        *(started(), begun(), waiting(), finished(), waited()),
        lives=(life(CHILD, 0.15, ended=BEGAN + 0.35, exit_code=0, cpu_time=0.02, parent=ROOT),),
    )
    main, child = trace.processes
    assert (main.pid, main.kind, main.name, main.started, main.ended) == (
        *(ROOT, "main", "q6.py", 0.0, 1.0),
    )
    assert child == Process(
        pid=CHILD,
        parent=ROOT,
        kind="process",
        name="Process-1",
        target="show",
        start_method="fork",
        started=child.started,
        ended=child.ended,
        exit_code=0,
        cpu_time=0.02,
        waited="joined",
        completed=True,
        attested=True,
    )
    (wait,) = trace.waits
    times = [child.started, child.ended, wait.began, wait.ended]
    assert times == pytest.approx([0.1, 0.35, 0.25, 0.4])
    assert (trace.duration, trace.ignored_records) == (1.0, 0)


def test_processes_stand_in_the_order_of_their_start_not_of_their_first_word() -> None:
    trace = observed(
        *(begun(OTHER, 0.3), started(CHILD, 0.1), started(OTHER, 0.2), begun(CHILD, 0.4)),
        lives=(life(OTHER, 0.3), life(CHILD, 0.4)),
    )
    assert [process.pid for process in trace.processes] == [ROOT, CHILD, OTHER]


KINDS: dict[str, list[Record]] = {
    "process": [started(), begun()],
    "worker": [started(module="multiprocessing.pool")],
    "helper": [started(module="multiprocessing.managers")],
    "fork": [Forked(pid=CHILD, time=BEGAN, parent=ROOT)],
    "program": [Program(pid=ROOT, time=BEGAN, child=CHILD, command="sleep")],
}


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_follow_from_who_said_what(kind: str) -> None:
    assert the_child(*KINDS[kind]).kind == kind


def test_a_fork_that_then_runs_a_command_is_that_command() -> None:
    child = the_child(*KINDS["fork"], *KINDS["program"])
    assert (child.kind, child.name, child.parent) == ("program", "sleep", ROOT)


@pytest.mark.parametrize("name", ["resource tracker", "forkserver"])
def test_multiprocessings_own_interpreters_are_helpers(name: str) -> None:
    code = f"from multiprocessing.{name.replace(' ', '_')} import main; main(3)"
    child = the_child(Hello(pid=CHILD, time=BEGAN, argv=["python", "-c", code]))
    assert (child.kind, child.name) == ("helper", name)


def test_one_of_whom_only_the_kernel_tells_is_a_program_with_its_command() -> None:
    child = the_child(command="sleep", parent=ROOT)
    assert (child.kind, child.name, child.parent) == ("program", "sleep", ROOT)


def test_a_process_object_is_unstarted_unless_its_own_creator_started_it() -> None:
    made = {"name": "Process-1", "target": "show"}
    trace = observed(
        Created(pid=ROOT, time=BEGAN, number=1, **made),
        Created(pid=ROOT, time=BEGAN, number=2, name="idle", target=None),
        Created(pid=OTHER, time=BEGAN, number=1, name="elsewhere", target="f"),
        started(),
        lives=(life(CHILD), life(OTHER)),
    )
    assert trace.unstarted == (Unstarted(ROOT, "idle", None), Unstarted(OTHER, "elsewhere", "f"))


def test_clues_and_writes_stand_in_the_trace_as_they_came() -> None:
    write = Write(pid=ROOT, time=0.5, stream="stdout", text="1\n")
    clue = ClueSeen(pid=ROOT, time=BEGAN + 0.5, sign="thread", detail="Thread")
    trace = observed(clue, writes=(write,))
    assert trace.clues == (Clue(ROOT, 0.5, "thread", "Thread"),)
    assert trace.writes == (write,)


def test_nothing_happens_before_the_beginning() -> None:
    early = observed(
        ClueSeen(pid=ROOT, time=BEGAN - 5, sign="thread", detail=""), started(), begun(time=-5.0)
    )
    assert early.clues[0].time == 0.0
    assert the_child(started(), begun(time=-5.0)).started == 0.0


# -- the kernel's word counts --------------------------------------------------------------


def test_the_kernels_exit_code_is_believed_before_any_other() -> None:
    reaped = Reaped(pid=ROOT, time=BEGAN, child=CHILD, exit_code=0, by_program=True)
    claims = (started(), begun(), finished(), waited(), reaped)
    assert the_child(*claims, exit_code=-9).exit_code == -9
    assert not the_child(*claims, exit_code=-9).completed


def test_the_exit_code_that_the_parent_was_given_is_believed_before_the_childs_own() -> None:
    assert the_child(started(), begun(), finished(exit_code=0), waited(exit_code=3)).exit_code == 3


def test_without_any_word_there_is_no_exit_code() -> None:
    assert the_child(started(), begun()).exit_code is None


def test_the_programs_own_exit_code_is_not_open_to_claims() -> None:
    trace = observed(finished(ROOT, exit_code=0), waited(ROOT, exit_code=0), exit_code=3)
    assert (trace.exit_code, trace.main.exit_code) == (3, 3)


def test_the_program_is_the_main_process_whatever_it_says_it_is() -> None:
    trace = observed(started(ROOT, name="Process-7"), begun(ROOT, name="Process-8"))
    assert [(p.kind, p.name) for p in trace.processes] == [("main", "q6.py")]


def test_the_end_that_the_kernel_saw_is_believed_before_the_one_reported() -> None:
    child = the_child(started(), begun(), finished(time=0.3), ended=BEGAN + 0.9)
    assert child.ended == pytest.approx(0.9)


def test_the_end_of_one_that_had_to_be_killed_is_not_the_one_it_reported() -> None:
    assert the_child(started(), begun(), finished(), killed=True).ended is None


def test_processes_that_nobody_saw_are_claims_that_count_for_nothing() -> None:
    trace = observed(
        started(GHOST),
        Program(pid=ROOT, time=BEGAN, child=GHOST, command="ghost"),
        begun(GHOST),
        finished(GHOST),
        waited(GHOST),
    )
    assert [process.pid for process in trace.processes] == [ROOT]
    assert trace.ignored_records == 2


def test_what_the_observer_ignored_is_counted_too() -> None:
    assert observed(started(GHOST), ignored=5).ignored_records == 6


@pytest.mark.parametrize("fact", ["killed", "outlived"])
def test_one_that_had_not_ended_was_never_waited_for_whatever_is_claimed(fact: str) -> None:
    assert the_child(started(), begun(), waited(), **{fact: True}).waited == "never"


def test_one_that_speaks_after_its_end_was_seen_had_not_ended() -> None:
    """Its last report leaves a process before its end, and so before a wait can see it."""
    claims = (started(), begun(), waited(time=0.25), finished(time=0.3))
    assert the_child(*claims).waited == "never"
    at_exit = waited(time=0.5, at_exit=True)
    assert the_child(*claims, at_exit).waited == "at exit"


def test_a_wait_that_ended_after_the_program_did_is_not_believed() -> None:
    """Who reports it chooses its time, and might choose one after whatever speaks against it."""
    claims = (started(), begun(), finished(), waited(time=1000))
    assert the_child(*claims).waited == "never"
    assert the_child(*claims, waited(time=0.5)).waited == "joined"


def test_only_who_started_a_process_can_have_waited_for_it() -> None:
    trace = observed(
        *(started(CHILD), started(OTHER), begun(CHILD), begun(OTHER), finished(OTHER)),
        waited(OTHER, pid=CHILD),
        lives=(life(CHILD), life(OTHER)),
    )
    other = trace.process(OTHER)
    assert other is not None
    assert other.waited == "never"


def test_a_process_is_the_child_of_who_started_it_whoever_it_claims_did() -> None:
    assert the_child(started(), begun(parent=GHOST)).parent == ROOT


def test_work_is_completed_only_by_one_that_began_finished_and_had_work() -> None:
    assert the_child(started(), begun(), finished()).completed
    assert not the_child(started(), begun()).completed
    assert not the_child(started(), finished()).completed
    assert not the_child(started(), begun(target=None), finished()).completed
    assert not the_child(started(), begun(), finished(exit_code=1)).completed
    # os._exit(0) leaves no report of an end, and an interpreter's exit none of the work's.
    assert not the_child(started(), begun(), finished(exit_code=None), waited()).completed


def test_the_end_of_the_interpreter_does_not_undo_the_end_of_the_work() -> None:
    assert the_child(started(), begun(), finished(), finished(exit_code=None)).completed


SIGTERM = 15


def test_one_ended_by_a_signal_that_another_sent_was_terminated_on_purpose() -> None:
    signalled = Signalled(pid=ROOT, time=BEGAN, child=CHILD, signal=SIGTERM)
    assert the_child(started(), signalled, exit_code=-SIGTERM).terminated
    assert not the_child(started(), exit_code=-SIGTERM).terminated
    assert not the_child(started(), signalled, exit_code=-9).terminated
    assert not the_child(started(), signalled, exit_code=0).terminated


def test_one_that_sent_itself_a_signal_was_not() -> None:
    signalled = Signalled(pid=CHILD, time=BEGAN, child=CHILD, signal=SIGTERM)
    assert not the_child(started(), signalled, exit_code=-SIGTERM).terminated


# -- waits ---------------------------------------------------------------------------------


def _with_waits(*records: Record) -> Process:
    return the_child(started(), begun(), finished(time=0.22), *records)


def test_the_best_wait_that_saw_the_end_counts() -> None:
    poll = waited(time=0.3, how="is_alive")
    too_early = waited(time=0.28, saw_end=False, exit_code=None)
    at_exit = waited(time=0.9, at_exit=True)
    assert _with_waits(poll, waited(), at_exit).waited == "joined"
    assert _with_waits(poll, at_exit).waited == "otherwise"
    assert _with_waits(too_early, at_exit).waited == "at exit"
    assert _with_waits(too_early).waited == "never"
    assert _with_waits().waited == "never"


def test_a_wait_of_the_programs_own_through_os_counts_and_one_of_the_librarys_does_not() -> None:
    def reaped(by_program: bool) -> Reaped:
        facts = {"pid": ROOT, "time": BEGAN + 0.4, "child": CHILD, "exit_code": 0}
        return Reaped(by_program=by_program, **facts)  # type: ignore[arg-type]

    assert _with_waits(reaped(by_program=True)).waited == "otherwise"
    assert _with_waits(reaped(by_program=False)).waited == "never"


def test_a_join_lasts_from_its_call_to_its_return() -> None:
    (wait,) = observed(waiting(time=0.25), waited(time=0.4)).waits
    assert [wait.began, wait.ended] == pytest.approx([0.25, 0.4])
    assert wait.saw_end


def test_a_join_that_never_came_back_has_no_end() -> None:
    (wait,) = observed(waiting(time=0.25)).waits
    assert wait == Wait(
        pid=ROOT, child=CHILD, how="join", began=wait.began, ended=None, saw_end=False
    )


def test_joins_of_several_children_and_several_joins_of_one_are_kept_apart() -> None:
    trace = observed(
        waiting(CHILD, 0.1),
        waiting(OTHER, 0.15),
        waited(CHILD, 0.2, saw_end=False),
        waiting(CHILD, 0.3),
        waited(OTHER, 0.4),
        waited(CHILD, 0.5),
    )
    spans = [(w.child, round(w.began, 6), round(w.ended or -1, 6)) for w in trace.waits]
    assert spans == [(CHILD, 0.1, 0.2), (OTHER, 0.15, 0.4), (CHILD, 0.3, 0.5)]


# -- pools ---------------------------------------------------------------------------------

KEY = 4242
POOL = PoolCreated(pid=ROOT, time=BEGAN + 0.2, key=KEY, flavour="Pool", asked=2, size=2)
WORKERS = (
    started(CHILD, 0.1, module="multiprocessing.pool", pool=KEY),
    started(OTHER, 0.12, module="multiprocessing.pool", pool=KEY),
)


def _called(call: str, time: float = 0.8, outstanding: int = 0, **more: Any) -> PoolCalled:
    facts: dict[str, Any] = {"pid": ROOT, "key": KEY, **more}
    return PoolCalled(time=BEGAN + time, call=call, outstanding=outstanding, **facts)


def _task(pid: int, items: int = 1) -> Task:
    time = BEGAN + 0.5
    return Task(pid=pid, time=time, function="square", items=items, began=time, failed=False)


def _pools(*records: Record) -> tuple[Any, ...]:
    return observed(*WORKERS, POOL, *records, lives=(life(CHILD), life(OTHER))).pools


def test_a_pool_has_the_workers_started_for_it_and_the_tasks_that_they_ran() -> None:
    (pool,) = _pools(_task(CHILD, 3), _task(OTHER), _task(CHILD), _task(ROOT, 50))
    assert pool.workers == (Worker(CHILD, 4), Worker(OTHER, 1))
    assert pool.functions == ("square",)


def test_a_worker_that_nobody_saw_is_none() -> None:
    (pool,) = _pools(started(GHOST, 0.15, module="multiprocessing.pool", pool=KEY))
    assert [worker.pid for worker in pool.workers] == [CHILD, OTHER]


SHUTDOWNS: dict[str, tuple[PoolCalled, ...]] = {
    "never": (),
    "closed": (_called("close"),),
    "closed and joined": (_called("close"), _called("join", 0.9)),
    "terminated": (_called("terminate"),),
    "with": (_called("__exit__"), _called("terminate", 0.81)),
}


@pytest.mark.parametrize("shutdown", SHUTDOWNS)
def test_how_a_pool_was_shut_down_follows_from_the_calls(shutdown: str) -> None:
    (pool,) = _pools(*SHUTDOWNS[shutdown])
    assert pool.shutdown == shutdown
    assert (pool.shut_down_at is None) == (shutdown == "never")


def test_a_join_alone_shuts_nothing_down() -> None:
    (pool,) = _pools(_called("join"))
    assert pool.shutdown == "never"


def test_calls_on_another_pool_or_by_another_process_are_not_its_own() -> None:
    (pool,) = _pools(_called("close", key=KEY + 1), _called("terminate", pid=CHILD))
    assert pool.shutdown == "never"


def test_tasks_are_outstanding_only_where_the_shutdown_threw_them_away() -> None:
    (pool,) = _pools(_called("terminate", outstanding=3))
    assert pool.outstanding == 3
    (pool,) = _pools(_called("close", outstanding=3), _called("join", 0.9))
    assert pool.outstanding == 0


def test_an_error_is_collected_by_who_owns_the_pool_and_fetches_it() -> None:
    def failed(job: int, *, collected: bool = False) -> TaskFailed:
        text = f"ValueError: {job}"
        return TaskFailed(pid=ROOT, time=BEGAN + 0.5, job=job, error=text, collected=collected)

    (pool,) = _pools(
        *(failed(1), failed(2), failed(3, collected=True), failed(4)),
        ErrorCollected(pid=ROOT, time=BEGAN + 0.6, job=1),
        ErrorCollected(pid=CHILD, time=BEGAN + 0.6, job=4),
    )
    assert pool.errors_collected == ("ValueError: 1", "ValueError: 3")
    assert pool.errors_swallowed == ("ValueError: 2", "ValueError: 4")


# -- whatever is reported ------------------------------------------------------------------

_texts = st.text(max_size=10) | st.sampled_from(
    ["join", "__exit__", "close", "terminate", "__main__", "multiprocessing.pool", "show"]
)
_times = st.floats(allow_nan=False, allow_infinity=False) | st.floats(BEGAN, BEGAN + 1)
_pids = st.sampled_from([ROOT, CHILD, OTHER, GHOST])
_BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: _texts,
    float: _times,
    int: st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-20, 20) | _pids,
    bool: st.booleans(),
    type(None): st.none(),
    list[str]: st.lists(_texts, max_size=3),
}


def _values(type_: Any) -> st.SearchStrategy[Any]:
    known = _BY_TYPE.get(type_)
    if known is not None:
        return known
    if get_origin(type_) is Literal:
        return st.sampled_from(get_args(type_))
    return st.one_of([_values(each) for each in get_args(type_)])


def _reports(kind: Any) -> st.SearchStrategy[Record]:
    """Reports of one kind, of whatever a program could say in them."""
    fields = {name: _values(type_) for name, type_ in get_type_hints(kind).items()}
    fields |= dict.fromkeys(fields.keys() & {"pid", "child"}, _pids)
    return st.builds(kind, **fields)


_lives = st.builds(
    Life,
    pid=st.sampled_from([CHILD, OTHER]),
    seen=st.floats(BEGAN, BEGAN + 1),
    ended=st.none() | st.floats(BEGAN, BEGAN + 1),
    parent=st.none() | _pids,
    command=_texts,
    exit_code=st.none() | st.integers(-64, 255),
    killed=st.booleans(),
    outlived=st.booleans(),
)

_logs = st.lists(st.one_of([_reports(kind) for kind in get_args(Record)]), max_size=12)


@unhurried
@given(records=_logs, lives=st.lists(_lives, max_size=2, unique_by=lambda one: one.pid))
def test_whatever_is_reported_makes_a_trace_that_can_be_marked_and_shown(
    records: list[Record], lives: list[Life]
) -> None:
    trace = observed(*records, lives=tuple(lives))
    pids = [process.pid for process in trace.processes]
    assert pids[0] == ROOT
    assert sorted(pids) == sorted({ROOT, *(one.pid for one in lives)})
    assert trace.exit_code == trace.main.exit_code == 0
    for asked in map(exercise, exercise_ids()):
        report = a_report(mark(trace, asked))
        json.loads(report_json(report))
        render(report_text(report, 80), colour=True)


@unhurried
@given(records=_logs)
def test_nothing_that_is_reported_makes_a_process_of_nobody(records: list[Record]) -> None:
    """Without the kernel's word for a second process there is none, and no check of it."""
    trace = observed(*records)
    assert trace.of_kind("process", "worker") == ()
    for id_, check in (("q3", "process_started"), ("q6", "four_processes")):
        statuses = {each.id: each.status for each in mark(trace, exercise(id_)).checks}
        assert statuses[check] == "failed"


class _Counted(tuple[Record, ...]):
    """Reports that tell how often they were read."""

    times = 0

    def __iter__(self) -> Iterator[Record]:
        type(self).times += 1
        return super().__iter__()


def _many_pools(count: int) -> list[Record]:
    return [structs.replace(POOL, key=key) for key in range(1, count + 1)]


@pytest.mark.parametrize("count", [1, 40])
def test_the_reports_are_read_as_often_for_many_pools_as_for_one(count: int) -> None:
    _Counted.times = 0
    assert len(pools(logged(_Counted(_many_pools(count))))) == count
    assert _Counted.times == 1


def test_errors_are_told_of_each_of_very_many_pools_in_part() -> None:
    errors = [
        TaskFailed(pid=ROOT, time=BEGAN, job=n, error=f"E{n}", collected=False) for n in range(50)
    ]
    (alone,) = observed(*_many_pools(1), *errors).pools
    assert len(alone.errors_swallowed) == 50
    found = observed(*_many_pools(1000), *errors).pools
    assert {pool.errors_swallowed for pool in found} == {tuple(f"E{n}" for n in range(10))}


def test_a_worker_is_one_of_one_pool_alone() -> None:
    claims = [started(module="multiprocessing.pool", pool=key) for key in (1, 2)]
    found = observed(*_many_pools(2), *claims, lives=(life(CHILD),)).pools
    assert [pool.workers for pool in found] == [(Worker(CHILD, 0),), ()]


def test_a_signal_to_a_group_counts_for_every_process() -> None:
    to_group = Signalled(pid=ROOT, time=BEGAN, child=-ROOT, signal=SIGTERM)
    lives = tuple(life(pid, exit_code=-SIGTERM) for pid in (CHILD, OTHER))
    trace = observed(to_group, started(), lives=lives)
    assert [process.terminated for process in trace.processes] == [False, True, True]

"""The checks as what they are: functions of a trace. Real runs are the zoo's matter."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec import structs

from grader.checks import exercise, exercise_ids
from grader.checks.base import Verdict
from grader.checks.common import judge_joined, judge_ran_clean
from grader.checks.portable import judge_portable
from grader.checks.q3 import judge_process_started, judge_work_in_child
from grader.checks.q5 import (
    judge_pool_created,
    judge_pool_shut_down,
    judge_pool_size,
    judge_work_in_workers,
)
from grader.checks.q6 import judge_distinct_numbers, judge_distinct_pids, judge_four_processes
from grader.mark import mark
from grader.trace import Clue, Error, Process, Sign, Trace, Unstarted, Wait, Worker
from tests.report.traces import MAIN, a_child, a_join, a_pool, a_trace, a_write, q6_right

Judge = Callable[[Trace], Verdict]


def child(number: int, **more: Any) -> Process:
    """Process-1, Process-2 ...: ran show() to its end and was joined."""
    return a_child(MAIN + number, **{"target": "show", "completed": True, **more})


def worker(number: int, **more: Any) -> Process:
    return child(number, **{"kind": "worker", "name": f"ForkPoolWorker-{number}", **more})


def clue(sign: Sign, detail: str = "") -> Clue:
    return Clue(MAIN, 0.01, sign, detail)


def error(text: str) -> Error:
    return Error(0.04, text, "q6.py", 3)


def four(**more: Any) -> Trace:
    """q6 as it should be, with some facts changed in all four processes."""
    trace = q6_right()
    changed = [structs.replace(process, **more) for process in trace.processes[1:]]
    return structs.replace(trace, processes=(trace.main, *changed))


def held(judge: Judge, trace: Trace, *words: str) -> None:
    verdict = judge(trace)
    assert verdict.holds, verdict.message
    for word in words:
        assert word in verdict.message


def failed(judge: Judge, trace: Trace, *words: str) -> None:
    verdict = judge(trace)
    assert not verdict.holds, verdict.message
    for word in words:
        assert word in verdict.message, verdict.message


# -- ran_clean -----------------------------------------------------------------------------


def test_a_program_that_ended_by_itself_ran_clean() -> None:
    held(judge_ran_clean, a_trace())
    held(judge_ran_clean, four(), "4 processes")


def test_an_exit_code_of_the_program_is_told_with_its_error_and_the_place() -> None:
    trace = a_trace(exit_code=1)
    main = structs.replace(trace.main, exit_code=1, error=error("NameError: name 'x'"))
    failed(
        judge_ran_clean,
        structs.replace(trace, processes=(main,)),
        *("exit code 1", "NameError: name 'x' (q6.py, line 3)"),
    )


def test_the_signal_that_ended_the_program_is_told_by_its_name() -> None:
    failed(judge_ran_clean, a_trace(exit_code=-9), "SIGKILL")
    failed(judge_ran_clean, a_trace(exit_code=-99), "signal 99")


def test_each_process_that_failed_is_told_with_how() -> None:
    trace = a_trace(
        child(1),
        child(2, exit_code=3),
        child(3, exit_code=-11),
        child(4, exit_code=1, error=error("ValueError: no")),
    )
    failed(
        judge_ran_clean,
        trace,
        "Process-2 (PID 4713) ended with exit code 3",
        "Process-3 (PID 4714) was ended by SIGSEGV",
        "Process-4 (PID 4715) ended with exit code 1 (ValueError: no (q6.py, line 3))",
    )
    assert "Process-1" not in judge_ran_clean(trace).message


@pytest.mark.parametrize("kind", ["process", "worker", "fork", "program"])
def test_a_process_of_any_kind_that_failed_counts(kind: str) -> None:
    trace = a_trace(child(1, kind=kind, exit_code=1, waited="never"))
    failed(judge_ran_clean, trace, "PID 4712")


def test_a_command_whose_exit_code_the_program_collected_does_not() -> None:
    held(judge_ran_clean, a_trace(child(1, kind="program", exit_code=1, waited="otherwise")))


def test_a_helper_of_multiprocessing_that_failed_does_not() -> None:
    held(judge_ran_clean, a_trace(child(1, kind="helper", exit_code=1)))


def test_ending_ones_own_process_on_purpose_is_fine() -> None:
    held(judge_ran_clean, a_trace(child(1, exit_code=-15, terminated=True)))


def test_a_process_whose_exit_code_nobody_learned_has_not_failed() -> None:
    held(judge_ran_clean, a_trace(child(1, exit_code=None)))


def test_what_outlived_the_program_is_told_with_name_pid_and_target() -> None:
    left = {"outlived": True, "killed": True, "exit_code": -9, "waited": "never"}
    failed(judge_ran_clean, a_trace(child(1, **left)), "Process-1 (PID 4712, target show) was")
    command = child(2, **left, kind="program", name="sleep", target=None)
    failed(judge_ran_clean, a_trace(command), "sleep (PID 4713) was still running")
    failed(judge_ran_clean, a_trace(child(1, **left), command), "were still running")


def hanging(*processes: Process, **more: Any) -> Trace:
    return a_trace(*processes, **{"stopped_by": "time limit", "exit_code": None, **more})


def test_a_program_that_did_not_end_is_told_the_limit() -> None:
    failed(judge_ran_clean, hanging(), "time limit of 20 s and was stopped")


def test_the_join_that_it_hung_in_is_told() -> None:
    stuck = child(1, killed=True, exit_code=-9, waited="never")
    trace = hanging(stuck, waits=(a_join(stuck.pid, 0.03, None),))
    failed(judge_ran_clean, trace, "waiting in join() for Process-1 (PID 4712)")


def test_the_children_that_still_ran_are_counted_without_helpers() -> None:
    left = {"killed": True, "exit_code": -9, "waited": "never"}
    failed(judge_ran_clean, hanging(child(1, **left), child(2)), "1 child still ran")
    trace = hanging(child(1, **left), child(2, **left), child(3, **left, kind="helper"))
    failed(judge_ran_clean, trace, "2 children still ran")


def test_what_failed_before_a_program_hung_is_told() -> None:
    trace = hanging(worker(1, exit_code=1, error=error("AttributeError: no f")))
    failed(judge_ran_clean, trace, "AttributeError: no f", "before")


def test_an_error_that_goes_on_and_on_is_cut() -> None:
    text = "ValueError: " + "x" * 5000
    message = judge_ran_clean(a_trace(child(1, exit_code=1, error=error(text)))).message
    assert len(message) < 400
    assert "xxx..." in message


def test_an_error_of_several_lines_is_told_in_one() -> None:
    trace = a_trace(child(1, exit_code=1, error=error("ValueError: a\n\n   b\t")))
    failed(judge_ran_clean, trace, "ValueError: a b (q6.py, line 3)")


# -- joined --------------------------------------------------------------------------------


@pytest.mark.parametrize("waited", ["joined", "otherwise"])
def test_every_way_to_see_the_end_of_a_process_is_waiting_for_it(waited: str) -> None:
    held(judge_joined, four(waited=waited), "all 4 processes (PIDs 4712, 4713, 4714 and 4715)")
    held(judge_joined, a_trace(child(1, waited=waited)), "Process-1 (PID 4712)")


@pytest.mark.parametrize("waited", ["at exit", "never"])
def test_a_process_that_was_not_waited_for_is_named(waited: str) -> None:
    trace = a_trace(child(1), child(2, waited=waited), child(3))
    failed(judge_joined, trace, "never waited for Process-2 (PID 4713)")
    assert "Process-1" not in judge_joined(trace).message


def test_only_own_processes_need_waiting_for() -> None:
    others = [child(n, kind=k, waited="never") for n, k in enumerate(("worker", "helper"), 2)]
    held(judge_joined, a_trace(child(1), *others))


def test_the_slip_of_joining_only_the_last_is_named() -> None:
    trace = a_trace(child(1, waited="at exit"), child(2, waited="at exit"), child(3))
    failed(judge_joined, trace, "Only the last process, Process-3 (PID 4714), was joined")
    trace = a_trace(child(1), child(2, waited="at exit"))
    assert "Only the last" not in judge_joined(trace).message


def test_the_join_at_exit_by_python_itself_does_not_count_and_is_named() -> None:
    failed(judge_joined, a_trace(child(1, waited="at exit")), "Python joined it at exit")
    failed(judge_joined, four(waited="at exit"), "Python joined them at exit")


def test_a_join_that_came_back_too_early_is_told() -> None:
    early = Wait(pid=MAIN, child=MAIN + 1, how="join", began=0.02, ended=0.03, saw_end=False)
    trace = a_trace(child(1, waited="at exit"), waits=(early,))
    failed(judge_joined, trace, "came back before that, at its time-out")


def test_a_join_that_never_came_back_is_told() -> None:
    trace = hanging(child(1, waited="never"), waits=(a_join(MAIN + 1, 0.02, None),))
    failed(judge_joined, trace, "never came back")


def test_a_daemon_that_was_not_waited_for_is_told_what_becomes_of_it() -> None:
    failed(judge_joined, a_trace(child(1, waited="at exit", daemon=True)), "daemon is ended")


# -- q3 ------------------------------------------------------------------------------------


def test_a_started_process_is_one_whatever_became_of_it() -> None:
    held(judge_process_started, a_trace(child(1)), "Process-1 (PID 4712)")
    held(judge_process_started, a_trace(child(1, exit_code=1, completed=False)))


@pytest.mark.parametrize("kind", ["worker", "helper", "fork", "program"])
def test_what_is_no_process_object_is_none(kind: str) -> None:
    failed(judge_process_started, a_trace(child(1, kind=kind)), "No multiprocessing Process")


INSTEAD: dict[str, tuple[Trace, str]] = {
    "run() called": (a_trace(clues=(clue("run called", "Process-1"),)), "run() was called"),
    "never started": (
        a_trace(unstarted=(Unstarted(MAIN, "Process-1", "f"),)),
        "start() was never",
    ),
    "joined first": (a_trace(clues=(clue("join before start", "Process-1"),)), "before start()"),
    "threads": (a_trace(clues=(clue("thread", "Thread(f)"),) * 4), "4 threads ran instead"),
    "a fork": (a_trace(child(1, kind="fork")), "os.fork() made 1 child"),
    "forks": (a_trace(child(1, kind="fork"), child(2, kind="fork")), "made 2 children"),
    "a command": (a_trace(child(1, kind="program", name="sleep")), "ran sleep as a subprocess"),
    "a pool": (a_trace(worker(1), pools=(a_pool(),)), "A Pool was used, whose 4 workers"),
    "an executor": (a_trace(pools=(a_pool(flavour="ProcessPoolExecutor"),)), "Executor was used"),
    "a pool of threads": (a_trace(pools=(a_pool(flavour="ThreadPool"),)), "ThreadPool was used"),
    "a file in the way": (
        a_trace(clues=(clue("shadowed module", "/home/ada/multiprocessing.py"),)),
        "/home/ada/multiprocessing.py",
    ),
    "args": (a_trace(clues=(clue("args not a tuple", "1"),)), "args=(1,)"),
    "an error": (a_trace(exit_code=3), "came to its end before: ended with exit code 3"),
    "the time limit": (hanging(), "stopped at its time limit before"),
    "nothing": (a_trace(), "Nothing happened at all"),
}


@pytest.mark.parametrize("what", INSTEAD)
@pytest.mark.parametrize("judge", [judge_process_started, judge_four_processes])
def test_what_was_done_instead_of_starting_a_process_is_named(judge: Judge, what: str) -> None:
    trace, words = INSTEAD[what]
    failed(judge, trace, words)


def test_work_that_a_process_ran_to_its_end_is_found_among_others_that_did_not() -> None:
    trace = a_trace(child(1, completed=False, exit_code=1), child(2))
    held(judge_work_in_child, trace, "show() ran to its end in Process-2 (PID 4713)")


UNDONE: dict[str, tuple[dict[str, Any], str]] = {
    "nothing to run": ({"target": None}, "neither a target nor a run()"),
    "an error": ({"error": error("ValueError: x"), "exit_code": 1}, "ValueError: x"),
    "an exit code": ({"exit_code": 3}, "it ended with exit code 3"),
    "a signal": ({"exit_code": -11}, "it was ended by SIGSEGV"),
    "os._exit(0)": ({"exit_code": 0}, "os._exit()"),
    "terminated": ({"exit_code": -15, "terminated": True}, "because the program ended it before"),
    "killed": ({"exit_code": -9, "killed": True, "waited": "never"}, "in time"),
    "a daemon": ({"exit_code": -15, "daemon": True, "waited": "at exit"}, "it is a daemon"),
}


@pytest.mark.parametrize("what", UNDONE)
def test_why_the_work_was_not_done_is_told(what: str) -> None:
    facts, words = UNDONE[what]
    trace = a_trace(child(1, completed=False, **facts))
    failed(judge_work_in_child, trace, "Process-1 (PID 4712)", words)


def test_the_slip_of_calling_the_target_is_named() -> None:
    idle = child(1, target=None, completed=False)
    trace = a_trace(idle, clues=(clue("target called", "Process-1 was created with target=None"),))
    failed(judge_work_in_child, trace, "Write target=f, without the ()")


# -- q5 ------------------------------------------------------------------------------------


def pooled(*pools: Any, **more: Any) -> Trace:
    """A run with these pools, one of 4 that did 10 tasks unless said otherwise."""
    return a_trace(
        *map(worker, range(1, 5)), pools=pools or (a_pool(functions=("square",)),), **more
    )


def test_a_pool_of_processes_is_one_whatever_its_size() -> None:
    held(judge_pool_created, pooled(), "4 workers")
    held(judge_pool_created, pooled(a_pool(asked=None, size=1)), "1 worker", "default")


@pytest.mark.parametrize("flavour", ["ThreadPool", "ProcessPoolExecutor", "ThreadPoolExecutor"])
def test_a_pool_of_another_flavour_is_none_and_is_named(flavour: str) -> None:
    failed(judge_pool_created, a_trace(pools=(a_pool(flavour=flavour),)), flavour)


NO_POOL: dict[str, tuple[Trace, str]] = {
    "processes": (a_trace(child(1), child(2)), "started 2 Process objects of its own"),
    "threads": (a_trace(clues=(clue("thread", "Thread(f)"),)), "1 thread ran instead"),
    "a file in the way": (
        a_trace(clues=(clue("shadowed module", "/home/ada/multiprocessing.py"),)),
        "/home/ada/multiprocessing.py",
    ),
    "an error": (a_trace(exit_code=1), "came to its end before"),
    "nothing": (a_trace(), "Nothing happened at all"),
}


@pytest.mark.parametrize("what", NO_POOL)
def test_what_was_done_instead_of_creating_a_pool_is_named(what: str) -> None:
    trace, words = NO_POOL[what]
    failed(judge_pool_created, trace, "No multiprocessing Pool", words)


def _of(size: int, seen: int, **more: Any) -> Trace:
    workers = tuple(Worker(MAIN + n, 1) for n in range(1, seen + 1))
    return pooled(a_pool(**{"asked": size, "size": size, "workers": workers, **more}))


def test_a_pool_has_the_right_size_with_two_workers_or_more_all_alive() -> None:
    held(judge_pool_size, _of(2, 2), "2 workers", "PIDs 4712 and 4713")
    held(judge_pool_size, _of(8, 8))


def test_replaced_workers_are_fine() -> None:
    held(judge_pool_size, _of(2, 7), "5 more replaced others")


def test_one_worker_is_too_few_unless_it_is_the_default_of_this_machine() -> None:
    failed(judge_pool_size, _of(1, 1), "only 1 worker")
    held(judge_pool_size, _of(1, 1, asked=None))


def test_workers_that_did_not_come_to_life_are_counted() -> None:
    failed(judge_pool_size, _of(4, 3), "made for 4 workers, but 3 came to life")
    failed(judge_pool_size, _of(4, 0, asked=None), "but 0 came to life")


def test_one_worker_in_two_places_is_one() -> None:
    failed(judge_pool_size, _of(2, 0, workers=(Worker(4712, 1), Worker(4712, 2))), "but 1 came")


def test_of_several_pools_the_best_one_counts() -> None:
    small = a_pool(asked=1, size=1, workers=(Worker(4712, 1),))
    dead = a_pool(asked=9, size=9, workers=())
    held(judge_pool_size, pooled(small, a_pool(), dead), "4 workers")


def test_pools_of_other_flavours_are_left_out_of_account() -> None:
    threads = a_pool(flavour="ThreadPool", size=9, workers=(), shutdown="never", outstanding=3)
    trace = pooled(threads, a_pool(functions=("square",)))
    for judge in (judge_pool_size, judge_work_in_workers, judge_pool_shut_down):
        held(judge, trace)


def test_tasks_that_the_workers_ran_are_counted_with_who_ran_what() -> None:
    held(judge_work_in_workers, pooled(), "4 workers ran 10 tasks of square()")


def test_without_a_task_nobody_worked() -> None:
    idle = a_pool(workers=(Worker(4712, 0), Worker(4713, 0)))
    failed(judge_work_in_workers, pooled(idle), "No task was run", "pool.map(function, values)")


def test_an_error_that_nobody_fetched_fails_also_when_other_tasks_did_well() -> None:
    pool = a_pool(errors_swallowed=("ValueError: x",))
    failed(judge_work_in_workers, pooled(pool), "1 task failed", "ValueError: x", "get()")


def test_an_error_that_was_fetched_is_fine() -> None:
    held(judge_work_in_workers, pooled(a_pool(errors_collected=("ValueError: x",))))


def test_a_lambda_for_a_task_is_named() -> None:
    text = "PicklingError: Can't pickle <function <lambda> at 0x7f>"
    none_done = (Worker(4712, 0),)
    for fetched in ("errors_collected", "errors_swallowed"):
        pool = a_pool(workers=none_done, **{fetched: (text,)})
        failed(judge_work_in_workers, pooled(pool), "A lambda cannot be sent")


def test_a_result_for_a_task_is_named() -> None:
    pool = a_pool(workers=(Worker(4712, 0),))
    trace = pooled(pool, clues=(clue("task called", "None"),))
    failed(judge_work_in_workers, trace, "was given None to call")


def test_tasks_that_were_thrown_away_are_not_done() -> None:
    pool = a_pool(workers=(Worker(4712, 0),), outstanding=3)
    failed(judge_work_in_workers, pooled(pool), "3 calls")


@pytest.mark.parametrize("shutdown", ["with", "terminated", "closed and joined"])
def test_a_pool_may_be_shut_down_in_three_ways(shutdown: str) -> None:
    held(judge_pool_shut_down, pooled(a_pool(shutdown=shutdown)), "its work done")


@pytest.mark.parametrize(
    ("shutdown", "words"), [("never", "never shut down"), ("closed", "Call pool.join()")]
)
def test_a_pool_that_was_not_is_told_what_is_missing(shutdown: str, words: str) -> None:
    failed(judge_pool_shut_down, pooled(a_pool(shutdown=shutdown)), words)


@pytest.mark.parametrize("shutdown", ["with", "terminated"])
def test_a_shutdown_that_threw_tasks_away_fails(shutdown: str) -> None:
    pool = a_pool(shutdown=shutdown, outstanding=2)
    failed(judge_pool_shut_down, pooled(pool), "tasks outstanding: 2 calls")


def test_every_pool_must_be_shut_down() -> None:
    left = a_pool(shutdown="never", size=3)
    failed(judge_pool_shut_down, pooled(a_pool(), left, a_pool()), "The pool of 3")


# -- q6 ------------------------------------------------------------------------------------


def test_four_processes_are_counted_without_helpers_workers_and_commands() -> None:
    others = [
        child(n, kind=kind)
        for n, kind in enumerate(("helper", "worker", "program", "fork"), start=5)
    ]
    trace = q6_right()
    more = structs.replace(trace, processes=(*trace.processes, *others))
    held(judge_four_processes, more, "PIDs 4712, 4713, 4714 and 4715")


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8])
def test_any_other_number_of_processes_is_told(number: int) -> None:
    trace = a_trace(*map(child, range(1, number + 1)))
    was = "1 process was" if number == 1 else f"{number} processes were"
    failed(judge_four_processes, trace, f"4 processes are wanted, and {was} started")


def test_processes_that_were_left_unstarted_are_named_beside_those_that_were() -> None:
    trace = a_trace(child(1), unstarted=(Unstarted(MAIN, "Process-2", "f"),))
    failed(judge_four_processes, trace, "1 process was", "Process-2 was created, but start()")


def _writing(*texts: str, **more: Any) -> Trace:
    """q6 in which the four wrote these texts."""
    trace = q6_right()
    writes = [
        a_write(p.pid, text, **more)
        for p, text in zip(trace.processes[1:], texts, strict=True)
        if text
    ]
    return structs.replace(trace, writes=tuple(writes))


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_four_that_wrote_something_are_four_on_either_stream(stream: str) -> None:
    held(judge_distinct_pids, _writing("1", "2", "3", "4", stream=stream))


@pytest.mark.parametrize("nothing", ["", " ", "\n\t\n"])
def test_one_that_wrote_nothing_to_be_seen_is_named(nothing: str) -> None:
    trace = _writing("1", nothing, "3", nothing)
    failed(judge_distinct_pids, trace, "Only 2 of the 4", "Process-2 (PID 4713) and Process-4")


def test_what_python_wrote_of_an_error_is_no_output_of_a_process() -> None:
    trace = _writing("1", "2", "3", "Traceback ... line 4", time=0.05, stream="stderr")
    *others, last = trace.processes
    failing = structs.replace(last, error=error("ValueError: 4"), exit_code=1)
    trace = structs.replace(trace, processes=(*others, failing))
    failed(judge_distinct_pids, trace, "Only 3 of the 4", "Process-4 (PID 4715)")


def test_the_main_program_printing_in_their_place_is_named() -> None:
    trace = _writing("", "", "", "")
    trace = structs.replace(trace, writes=(a_write(MAIN, "1\n2\n3\n4\n"),))
    failed(judge_distinct_pids, trace, "None of the 4", "The main program printed instead")


def test_the_main_program_may_print_too() -> None:
    trace = q6_right()
    more = (*trace.writes, a_write(MAIN, "1 2 3 4 done\n"))
    trace = structs.replace(trace, writes=more)
    held(judge_distinct_pids, trace)
    held(judge_distinct_numbers, trace)


def test_four_different_numbers_are_told_with_who_printed_which() -> None:
    held(judge_distinct_numbers, q6_right(), "1 by PID 4712, 2 by PID 4713", "4 by PID 4715")


def test_one_without_a_number_is_named_and_quoted() -> None:
    trace = _writing("1", "2", "I am   Process-3\n", "4")
    failed(
        judge_distinct_numbers, trace, "Process-3 (PID 4714) printed no number", '"I am Process-3"'
    )


def test_a_quote_is_cut() -> None:
    message = judge_distinct_numbers(_writing("1", "2", "x" * 5000, "4")).message
    assert len(message) < 300


def test_those_that_share_a_number_are_named() -> None:
    trace = _writing("1", "7", "3", "7")
    failed(
        judge_distinct_numbers,
        trace,
        *("Process-2 (PID 4713) printed 7", "Process-4 (PID 4715) printed 7"),
    )
    assert "Process-1" not in judge_distinct_numbers(trace).message


def test_one_that_printed_several_is_named_where_numbers_are_shared() -> None:
    trace = _writing("1\n2\n3\n4\n", "2", "3", "4")
    failed(judge_distinct_numbers, trace, "PID 4712 printed several: 1, 2, 3 and 4")


# -- the advice ----------------------------------------------------------------------------


def test_a_program_that_passes_everywhere_is_told_where() -> None:
    verdict = judge_portable({"spawn": q6_right(), "forkserver": q6_right()}, {})
    assert verdict.holds
    assert "spawn (Windows, macOS) and forkserver (Linux from Python 3.14)" in verdict.message


def test_a_missing_guard_is_named_before_anything_that_came_of_it() -> None:
    trace = a_trace(
        child(1, exit_code=1, error=error("RuntimeError: bootstrapping")),
        clues=(clue("bootstrapping"),),
    )
    verdict = judge_portable({"spawn": trace}, {"spawn": "Process-1 ended with exit code 1."})
    assert not verdict.holds
    assert verdict.message.startswith("Not with spawn (Windows, macOS): ")
    assert 'if __name__ == "__main__":' in verdict.message
    assert "exit code 1" not in verdict.message


def test_a_failure_of_no_known_kind_is_told_in_the_checks_words() -> None:
    verdict = judge_portable(
        {"spawn": a_trace(), "forkserver": a_trace()}, {"forkserver": "Something else."}
    )
    assert verdict.message == "Not with forkserver (Linux from Python 3.14): Something else."


def test_a_failure_under_several_is_told_once() -> None:
    traces = {"spawn": a_trace(), "forkserver": a_trace()}
    verdict = judge_portable(traces, {"spawn": "This.", "forkserver": "That."})
    assert "This." in verdict.message
    assert "That." not in verdict.message
    assert verdict.message.endswith("The same goes for forkserver (Linux from Python 3.14).")


# -- slips that show in an error -----------------------------------------------------------

SLIPS: dict[str, tuple[str, tuple[Clue, ...], str]] = {
    "a guard": ("RuntimeError: An attempt", (clue("bootstrapping"),), "__main__ guard"),
    "input": ("EOFError: EOF when reading a line", (), "input() found nothing to read"),
    "a lambda": (
        "AttributeError: Can't pickle local object 'main.<locals>.<lambda>'",
        (),
        "lambda",
    ),
    "an inner function": (
        "AttributeError: Can't pickle local object 'main.<locals>.f'",
        (),
        "inside",
    ),
    "a lambda, as Python 3.13 puts it": (
        "AttributeError: Can't get local object 'main.<locals>.<lambda>'",
        (),
        "A lambda cannot be sent",
    ),
    "an inner function, as Python 3.13 puts it": (
        "AttributeError: Can't get local object 'main.<locals>.f'",
        (),
        "inside",
    ),
    "args": ("TypeError: missing", (clue("args not a tuple", "1"),), "args=(1,)"),
    "a group": ("AssertionError: group argument must be None for now", (), "Process(target=f"),
    "start() kept": (
        "AttributeError: 'NoneType' object has no attribute 'join'",
        (),
        "gives back None",
    ),
    "prose": ("SyntaxError: invalid syntax: Write a program", (), "as code"),
    "null bytes": (
        "SyntaxError: source code cannot contain null bytes: x = 1",
        (),
        "The file is not plain text",
    ),
    "null bytes, as Python 3.11.3 puts it": (
        "ValueError: source code string cannot contain null bytes",
        (),
        "The file is not plain text",
    ),
    "another encoding": (
        "SyntaxError: Non-UTF-8 code starting with '\\xe9' in file q6.py on line 1",
        (),
        "The file is not plain text",
    ),
    "an unknown encoding": ("SyntaxError: encoding problem: nope", (), "not plain text"),
    "another name": (
        "PicklingError: it's not the same object as __main__.f",
        (),
        "something else",
    ),
    "a file in the way": (
        "AttributeError: partially initialized module 'multiprocessing'",
        (clue("shadowed module", "multiprocessing.py"),),
        "Rename that file",
    ),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("who", ["main", "child", "hanging"])
def test_a_classic_slip_is_named_whoever_met_its_error(slip: str, who: str) -> None:
    text, clues, words = SLIPS[slip]
    trace = a_trace(clues=clues, exit_code=1)
    trace = structs.replace(trace, processes=(structs.replace(trace.main, error=error(text)),))
    if who == "child":
        trace = a_trace(child(1, exit_code=1, error=error(text)), clues=clues)
    elif who == "hanging":
        trace = hanging(child(1, exit_code=1, error=error(text)), clues=clues)
    failed(judge_ran_clean, trace, words)


@pytest.mark.parametrize(
    "text",
    [
        "SyntaxError: source code string cannot contain null bytes",
        "SyntaxError: encoding problem: nope",
        "SyntaxError: no words of Python's",
        "SyntaxError",
    ],
)
def test_an_error_without_a_line_of_source_is_not_taken_for_prose(text: str) -> None:
    trace = a_trace(child(1, exit_code=1, error=error(text)))
    assert "behind a #" not in judge_ran_clean(trace).message


def test_a_pool_made_before_its_function_is_named() -> None:
    text = "AttributeError: Can't get attribute 'f' on <module '__main__' from 'q6.py'>"
    trace = hanging(worker(1, exit_code=1, error=error(text)), pools=(a_pool(),))
    failed(judge_ran_clean, trace, "created before the function")


def test_a_function_that_children_do_not_find_under_spawn_is_another_slip() -> None:
    text = "AttributeError: Can't get attribute 'f' on <module '__mp_main__' from 'q6.py'>"
    trace = a_trace(child(1, exit_code=1, error=error(text)), pools=(a_pool(),))
    failed(judge_ran_clean, trace, "imports the file anew", "top level of the file")


def test_an_error_of_no_known_kind_names_no_slip() -> None:
    trace = a_trace(child(1, exit_code=1, error=error("ZeroDivisionError: division by zero")))
    assert judge_ran_clean(trace).message.endswith("division by zero (q6.py, line 3)).")


# -- whatever is judged --------------------------------------------------------------------


@pytest.mark.parametrize("id_", exercise_ids())
@pytest.mark.parametrize("trace", [a_trace(), hanging(), q6_right(), pooled()], ids=range(4))
def test_every_message_is_a_sentence_in_one_line(id_: str, trace: Trace) -> None:
    for check in mark(trace, exercise(id_)).checks:
        assert check.message == " ".join(check.message.split())
        assert check.message.endswith((".", "?")), check.message
        assert "None" not in check.message.replace("None of the", "")

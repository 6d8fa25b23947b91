"""The cells of a trace: what belongs to which of them, and the trace of some of them alone."""

from typing import Any

import pytest
from msgspec import structs

from grader.cells import of_cells, tie
from grader.trace import Cell, CellStatus, Clue, Error, Pool, Process, Trace, Truncation, Unstarted
from tests.report.traces import MAIN, a_child, a_join, a_trace, a_write

CHILD, GRANDCHILD = MAIN + 1, MAIN + 2


def cell(index: int, began: float, ended: float, status: CellStatus = "ok", **more: Any) -> Cell:
    return Cell(index=index, began=began, ended=ended, status=status, **more)


def three(second: CellStatus = "ok", **more: Any) -> tuple[Cell, Cell, Cell]:
    """Cells 2, 4 and 5 of a notebook, a second each, as they were run."""
    return cell(2, 1.0, 2.0), cell(4, 2.0, 3.0, second, **more), cell(5, 3.0, 4.0)


def kernel(*processes: Process, **more: Any) -> Trace:
    """A kernel of 4 s with these processes."""
    return a_trace(*processes, **{"duration": 4.0, **more})


def pool(owner: int, created: float, shut_down_at: float | None = None) -> Pool:
    return Pool(
        owner=owner,
        flavour="Pool",
        asked=2,
        size=2,
        created=created,
        shut_down_at=shut_down_at,
    )


def homes(trace: Trace) -> dict[int, int | None]:
    return {process.pid: process.cell for process in trace.processes}


# -- to which cell something belongs -------------------------------------------------------


def test_what_the_kernel_does_belongs_to_the_cell_begun_last() -> None:
    trace = kernel(
        writes=tuple(a_write(MAIN, "x", time) for time in (0.5, 1.0, 1.9, 2.0, 3.5, 9.0)),
        pools=(pool(MAIN, 2.5),),
        unstarted=(Unstarted(MAIN, "Process-1", None, 1.5),),
        clues=(Clue(MAIN, 3.1, "thread"),),
    )
    tied = tie(trace, three())
    assert [write.cell for write in tied.writes] == [None, 2, 2, 4, 5, 5]
    assert (tied.pools[0].cell, tied.unstarted[0].cell, tied.clues[0].cell) == (4, 2, 5)
    assert tied.main.cell is None


def test_the_cells_are_in_the_trace_in_the_order_in_which_they_ran() -> None:
    first, second, third = three()
    assert tie(kernel(), [third, first, second]).cells == (first, second, third)


def test_a_cell_of_the_middle_that_ran_later_gets_what_came_later() -> None:
    # A new kernel may run what is left in any order: times decide, never the index.
    late = cell(1, 5.0, 6.0)
    tied = tie(kernel(writes=(a_write(MAIN, "x", 5.5),)), [late, cell(7, 1.0, 2.0)])
    assert [write.cell for write in tied.writes] == [1]


def test_what_a_child_does_late_belongs_to_the_cell_that_started_it() -> None:
    trace = kernel(
        a_child(CHILD, 1.5, 3.9),
        writes=(a_write(CHILD, "early", 1.6), a_write(CHILD, "late", 3.8)),
        pools=(pool(CHILD, 3.7),),
        unstarted=(Unstarted(CHILD, "Process-1:1", None, 3.2),),
        clues=(Clue(CHILD, 3.6, "run called"),),
    )
    tied = tie(trace, three())
    assert homes(tied) == {MAIN: None, CHILD: 2}
    assert [write.cell for write in tied.writes] == [2, 2]
    assert (tied.pools[0].cell, tied.unstarted[0].cell, tied.clues[0].cell) == (2, 2, 2)


def test_a_grandchild_belongs_to_the_cell_that_started_its_first_ancestor() -> None:
    # As a fork server's child may be, it is listed before the parent that it is told to have.
    trace = kernel(
        a_child(GRANDCHILD, 3.5, 3.6, parent=CHILD),
        a_child(CHILD, 1.5, 3.9),
        writes=(a_write(GRANDCHILD, "x", 3.55),),
    )
    tied = tie(trace, three())
    assert homes(tied) == {MAIN: None, CHILD: 2, GRANDCHILD: 2}
    assert tied.writes[0].cell == 2


def test_a_process_whose_parent_nobody_knows_belongs_to_the_cell_it_was_started_in() -> None:
    orphans = a_child(CHILD, 2.5, parent=None), a_child(GRANDCHILD, 3.5, parent=99)
    assert homes(tie(kernel(*orphans), three())) == {MAIN: None, CHILD: 4, GRANDCHILD: 5}


def test_a_wait_belongs_where_its_child_does() -> None:
    # A join in a later cell answers for the cell that started the process.
    trace = kernel(a_child(CHILD, 1.5, 3.5), waits=(a_join(CHILD, 3.2, 3.6),))
    assert tie(trace, three()).waits[0].cell == 2


def test_what_was_started_before_any_cell_belongs_to_none() -> None:
    trace = kernel(a_child(CHILD, 0.5, 3.5), writes=(a_write(CHILD, "x", 3.0),))
    tied = tie(trace, three())
    assert homes(tied) == {MAIN: None, CHILD: None}
    assert tied.writes[0].cell is None


def test_no_cell_at_all_ties_nothing() -> None:
    tied = tie(kernel(a_child(CHILD), writes=(a_write(CHILD, "x"),)), ())
    assert (homes(tied), tied.writes[0].cell) == ({MAIN: None, CHILD: None}, None)


# -- the trace of some cells ---------------------------------------------------------------


def test_the_trace_of_some_cells_has_what_belongs_to_them_and_nothing_else() -> None:
    trace = tie(
        kernel(
            a_child(CHILD, 1.5, 1.8),
            a_child(GRANDCHILD, 2.5, 2.8),
            writes=(a_write(CHILD, "two", 1.6), a_write(GRANDCHILD, "four", 2.6)),
            waits=(a_join(CHILD, 1.7, 1.9), a_join(GRANDCHILD, 2.7, 2.9)),
            pools=(pool(MAIN, 1.1), pool(MAIN, 2.1)),
            unstarted=(Unstarted(MAIN, "two", None, 1.2), Unstarted(MAIN, "four", None, 2.2)),
            clues=(Clue(MAIN, 1.3, "thread", "two"), Clue(MAIN, 2.3, "thread", "four")),
            truncated=(Truncation(CHILD, 5), Truncation(GRANDCHILD, 7), Truncation(MAIN, 9)),
        ),
        three(),
    )
    part = of_cells(trace, (4,))
    assert [process.pid for process in part.processes] == [MAIN, GRANDCHILD]
    assert [write.text for write in part.writes] == ["four"]
    assert [wait.child for wait in part.waits] == [GRANDCHILD]
    assert len(part.pools) == 1
    assert [each.name for each in part.unstarted] == ["four"]
    assert [clue.detail for clue in part.clues] == ["four"]
    assert [cut.pid for cut in part.truncated] == [GRANDCHILD, MAIN]
    assert [each.index for each in part.cells] == [4]


def test_its_times_count_from_the_first_of_the_cells() -> None:
    raised = Error(2.75, "ValueError: no", "cell 5", 1)
    trace = tie(
        kernel(
            a_child(CHILD, 2.5, 2.75, error=raised, exit_code=1),
            writes=(a_write(CHILD, "x", 2.625),),
            waits=(a_join(CHILD, 2.5, 2.875), a_join(CHILD, 2.75, None)),
            pools=(pool(MAIN, 2.25, 2.5), pool(MAIN, 2.25)),
            unstarted=(Unstarted(MAIN, "one", None, 2.125),),
            clues=(Clue(MAIN, 2.25, "thread"),),
        ),
        three("error", error=raised),
    )
    part = of_cells(trace, [4, 5])
    child = part.processes[1]
    assert (child.started, child.ended) == (0.5, 0.75)
    assert child.error is not None
    assert child.error.time == 0.75
    assert part.writes[0].time == 0.625
    assert [(wait.began, wait.ended) for wait in part.waits] == [(0.5, 0.875), (0.75, None)]
    assert [(each.created, each.shut_down_at) for each in part.pools] == [
        (0.25, 0.5),
        (0.25, None),
    ]
    assert (part.unstarted[0].time, part.clues[0].time) == (0.125, 0.25)
    assert [(each.began, each.ended) for each in part.cells] == [(0.0, 1.0), (1.0, 2.0)]
    assert part.cells[0].error is not None
    assert part.cells[0].error.time == 0.75


def test_the_kernel_is_the_main_program_for_as_long_as_it_ran_the_cells() -> None:
    part = of_cells(tie(kernel(), three()), (4, 5))
    assert (part.main.pid, part.main.kind) == (MAIN, "main")
    assert (part.main.started, part.main.ended, part.duration) == (0.0, 2.0, 2.0)
    assert (part.exit_code, part.main.exit_code, part.main.error) == (0, 0, None)
    assert (part.stopped_by, part.main.killed) == (None, False)


def test_the_run_lasts_until_the_last_process_of_the_cells_ended() -> None:
    trace = tie(kernel(a_child(CHILD, 1.5, 3.75), a_child(GRANDCHILD, 1.5, None)), three())
    part = of_cells(trace, (2,))
    assert (part.duration, part.main.ended) == (2.75, 1.0)


def test_an_error_of_a_cell_is_the_end_of_the_program_with_exit_code_1() -> None:
    raised = Error(2.5, "ValueError: no", "cell 5", 1)
    part = of_cells(tie(kernel(), three("error", error=raised)), (2, 4))
    assert (part.exit_code, part.main.exit_code) == (1, 1)
    assert part.main.error == structs.replace(raised, time=1.5)
    assert part.stopped_by is None


def test_an_error_of_another_cell_is_none_of_theirs() -> None:
    raised = Error(2.5, "ValueError: no", "cell 5", 1)
    part = of_cells(tie(kernel(), three("error", error=raised)), (2, 5))
    assert (part.exit_code, part.main.error) == (0, None)


def test_a_cell_that_took_too_long_was_stopped_at_the_time_limit() -> None:
    first, second, _third = three("time limit")
    trace = tie(kernel(exit_code=None, stopped_by="time limit"), (first, second))
    part = of_cells(trace, (2, 4))
    assert (part.exit_code, part.main.exit_code) == (None, None)
    assert part.timed_out
    assert part.main.killed


def test_what_another_cell_did_to_the_kernel_is_no_fault_of_theirs() -> None:
    first, second, _third = three("time limit")
    trace = tie(kernel(exit_code=None, stopped_by="time limit"), (first, second))
    part = of_cells(trace, (2,))
    assert (part.exit_code, part.main.exit_code) == (0, 0)
    assert not part.timed_out
    assert not part.main.killed


@pytest.mark.parametrize("code", [-9, 7, 0, None])
def test_a_cell_that_killed_the_kernel_has_its_exit_code(code: int | None) -> None:
    first, second, _third = three("died")
    trace = tie(kernel(exit_code=code), (first, second))
    part = of_cells(trace, (4,))
    assert (part.exit_code, part.main.exit_code) == (code, code)
    assert (part.stopped_by, part.main.killed) == (None, False)
    assert of_cells(trace, (2,)).exit_code == 0


def _with_survivor(status: CellStatus) -> Trace:
    """Cell 2 started a process that is still there when cell 4 ends as `status` says."""
    survivor = a_child(CHILD, 1.5, 3.0, outlived=True, killed=True, exit_code=-9, waited="never")
    return tie(kernel(survivor), three(status)[:2])


@pytest.mark.parametrize("status", ["time limit", "died"])
def test_a_process_has_not_outlived_what_another_cell_cut_off(status: CellStatus) -> None:
    assert not of_cells(_with_survivor(status), (2,)).processes[1].outlived
    assert of_cells(_with_survivor(status), (2, 4)).processes[1].outlived


@pytest.mark.parametrize("status", ["ok", "error"])
def test_a_process_that_is_left_at_the_end_of_the_notebook_has_outlived_its_cell(
    status: CellStatus,
) -> None:
    assert of_cells(_with_survivor(status), (2,)).processes[1].outlived


def test_cells_that_did_not_run_have_no_trace() -> None:
    with pytest.raises(ValueError, match=r"none of the cells \[3, 6\] was run"):
        of_cells(tie(kernel(), three()), (6, 3))


def test_of_cells_of_which_some_ran_those_are_the_trace() -> None:
    assert [each.index for each in of_cells(tie(kernel(), three()), (5, 6)).cells] == [5]

from hypothesis import given, settings
from msgspec import structs

from grader.report.html.svg import LANES_SHOWN, Edge, Lane, Picture, picture_of
from grader.report.page import LEGEND
from grader.trace import Cell, Error, Trace
from tests.report.traces import (
    MAIN,
    a_child,
    a_join,
    a_pool,
    a_trace,
    a_write,
    hanging,
    q6_right,
    traces,
    unhurried,
)


def marks(lane: Lane) -> list[tuple[str, str]]:
    return [(spot.mark, spot.title) for spot in lane.spots]


def told(picture: Picture) -> dict[str, str]:
    return {each.who: "; ".join(fact for fact, _ in each.facts) for each in picture.told}


def test_each_process_has_a_lane_with_its_lifetime() -> None:
    main, first, *_ = picture_of(q6_right()).lanes
    assert (main.name, main.pid, main.role) == ("q6.py", MAIN, "the program")
    assert (first.name, first.pid, first.role) == ("Process-1", MAIN + 1, "process")
    (bar,) = first.segments
    # 21 to 36 ms of 60, on an axis from 1 % to 99 %.
    assert (bar.kind, bar.x, bar.width) == ("run", "35.30%", "24.50%")


def test_starts_prints_and_joins_are_marked_and_say_what_they_are() -> None:
    main, first, *_ = picture_of(q6_right()).lanes
    assert marks(first) == [("write", '33 ms: prints "My number is 1"')]
    assert first.said == '"My number is 1"'
    assert marks(main)[0] == ("start", "21 ms: starts Process-1 4712")
    assert marks(main)[-1] == ("join", "44 ms: its wait for 4715 (join) is over")


def test_waiting_is_drawn_as_such_and_neighbouring_waits_as_one() -> None:
    main = picture_of(q6_right()).lanes[0]
    assert [part.kind for part in main.segments] == ["run", "wait", "run"]
    assert main.segments[1].title == "waits from 28 ms to 44 ms"


def test_starts_and_joins_are_lines_between_lanes() -> None:
    trace = a_trace(a_child(MAIN + 1), waits=(a_join(MAIN + 1, 0.03, 0.06),))
    assert picture_of(trace).edges == (
        Edge("20.60%", 51, 99, "start"),
        Edge("59.80%", 51, 99, "join"),
    )


def test_a_join_at_the_programs_exit_is_told_from_one_by_the_program() -> None:
    wait = a_join(MAIN + 1, 0.03, 0.06, at_exit=True)
    picture = picture_of(a_trace(a_child(MAIN + 1), waits=(wait,)))
    assert picture.edges[1].kind == "exit"
    assert [mark for mark, _ in marks(picture.lanes[0])] == ["start"]


def test_a_wait_that_never_came_back_is_seen_among_other_marks() -> None:
    picture = picture_of(hanging())
    stuck, ending = marks(picture.lanes[0])
    assert stuck == (
        "stuck",
        "30 ms: starts Process-1 4712; 32 ms: begins to wait for 4712 (join), for ever",
    )
    assert ending == ("stopped", "20 s: ended by a signal")
    assert picture.course.startswith("q6.py was stopped at its time limit of 20 s (")


def test_an_end_with_an_error_says_which() -> None:
    error = Error(0.04, "NameError: name 'prnt' is not defined", "q6.py", 5)
    picture = picture_of(a_trace(a_child(MAIN + 1, error=error, exit_code=1)))
    assert marks(picture.lanes[1]) == [
        ("failed", "50 ms: error, \"NameError: name 'prnt' is not defined\"")
    ]


def test_a_pool_is_drawn_below_the_bar_of_its_owner_and_told() -> None:
    worker = a_child(MAIN + 1, kind="worker", name="PoolWorker-1")
    picture = picture_of(a_trace(worker, duration=0.3, pools=(a_pool(),)))
    pool = picture.lanes[0].segments[-1]
    assert pool.kind == "pool"
    assert pool.title.startswith("Pool of 4 workers (asked for 4), made at 18 ms; 4 workers ran")
    assert picture.pooling
    assert told(picture)["PoolWorker-1 4712"].startswith("pool worker, 3 tasks")
    assert told(picture)[""] == pool.title


def test_the_words_tell_of_every_process_what_the_terminal_tells() -> None:
    words = told(picture_of(q6_right()))
    assert words["q6.py 4711"] == "the program itself; started 4 processes; exit code 0"
    assert words["Process-4 4715"] == 'printed "My number is 4"; exit code 0; joined at 44 ms'


def test_a_grandchild_is_told_by_whom_it_was_started() -> None:
    trace = a_trace(a_child(MAIN + 1), a_child(MAIN + 2, parent=MAIN + 1))
    words = told(picture_of(trace))
    assert words["Process-1 4712"].startswith("started 1 process")
    assert words["Process-2 4713"].startswith("started by 4712")


def test_marks_too_close_together_become_one_that_counts() -> None:
    writes = tuple(a_write(MAIN, f"{n}\n", 0.05) for n in range(8))
    ((mark, title),) = marks(picture_of(a_trace(writes=writes)).lanes[0])
    assert mark == "write"
    assert title.startswith('50 ms: prints "0"; 50 ms: prints "1"; ')
    assert title.endswith('"4"; and 3 more')


def test_different_marks_too_close_together_are_several() -> None:
    trace = a_trace(a_child(MAIN + 1, 0.05), writes=(a_write(MAIN, "x", 0.05),))
    ((mark, title),) = marks(picture_of(trace).lanes[0])
    assert (mark, title) == ("several", '50 ms: starts Process-1 4712; 50 ms: prints "x"')


def test_processes_beyond_the_lanes_are_counted_by_kind() -> None:
    many = [a_child(MAIN + n, exit_code=n % 2) for n in range(1, LANES_SHOWN + 10)]
    picture = picture_of(a_trace(*many))
    assert len(picture.lanes) == len(picture.told) == LANES_SHOWN
    assert picture.more == "… and 10 processes more; 5 of these did not end well."


def test_the_ticks_are_round_and_reach_the_end() -> None:
    labels = [label for _, label in picture_of(a_trace(duration=0.3)).ticks]
    assert labels == ["0", "50 ms", "100 ms", "150 ms", "200 ms", "250 ms", "300 ms"]


def test_the_legend_explains_the_marks_that_are_there_and_no_others() -> None:
    picture = picture_of(q6_right())
    assert picture.legend == tuple((mark, LEGEND[mark]) for mark in ("start", "write", "join"))
    assert (picture.waiting, picture.pooling) == (True, False)


def test_the_cells_of_a_notebook_are_on_the_axis() -> None:
    cells = tuple(
        Cell(index=n, name=f"cell {n + 1}", began=n / 20, ended=n / 20 + 0.05, status="ok")
        for n in range(2)
    )
    first, second = picture_of(a_trace(cells=cells)).cells
    assert (first.x, second.x) == ("1.00%", "50.00%")
    assert second.title == "cell 2 from 50 ms to 100 ms: ok"


@given(traces)
@settings(unhurried, max_examples=40)
def test_any_trace_at_all_has_a_picture_within_its_frame(trace: Trace) -> None:
    picture = picture_of(structs.replace(trace, duration=max(trace.duration, 0.0)))
    assert len(picture.lanes) == min(len(trace.processes), LANES_SHOWN)
    for lane in picture.lanes:
        assert all(1 <= float(spot.x.rstrip("%")) <= 99 for spot in lane.spots)
        for part in lane.segments:
            assert 1 <= float(part.x.rstrip("%")) <= 99
            assert float(part.x.rstrip("%")) + float(part.width.rstrip("%")) <= 99.2

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from grader.report.bar import Axis, bar_of
from grader.report.lines import display_width, line_width, render
from grader.report.page import ASCII, UNICODE, Mark
from grader.report.timeline import timeline
from grader.trace import Clue, Error, Process, Sign, Trace, Truncation, Unstarted, Worker

from .harmless import assert_harmless
from .traces import (
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

TRACEBACK = """Traceback (most recent call last):
  File "/home/ada/q6.py", line 7, in <module>
    prnt(1)
  File "/usr/lib/python3.12/other.py", line 99, in helper
NameError: name 'prnt' is not defined
"""


def picture(trace: Trace, width: int = 80, **options: Any) -> list[str]:
    return render(timeline(trace, width, **options), colour=False).split("\n")


def story(trace: Trace, pid: int) -> str:
    """What is said under the lane of a process, in one line."""
    lines = picture(trace)
    first = next(i for i, line in enumerate(lines) if line.startswith(f" {pid} "))
    said = []
    for line in lines[first + 1 :]:
        if not line.startswith("     "):
            break
        said.append(line.strip())
    return " ".join(said)


def bar(trace: Trace, pid: int, columns: int = 11) -> str:
    """The bar of a process, in ASCII, over as many columns."""
    process = next(p for p in trace.processes if p.pid == pid)
    marks = bar_of(process, trace, Axis(trace.duration, columns))
    return "".join(ASCII[mark] if mark else " " for mark in marks)


def test_the_right_answer_to_q6_looks_like_this() -> None:
    assert picture(q6_right()) == [
        "q6.py ran for 60 ms (Python 3.12.3, fork, no sandbox)",
        "",
        "  PID name       0         10         20        30         40        50    60 ms",
        " 4711 q6.py      ├─────────────────────▼─▼▼─▼─┄┄┄┄┄┄┄┄┄▲┄▲┄┄┄▲┄▲───────────────┤",
        "                 the program itself; started 4 processes; exit code 0",
        " 4712 Process-1                        ├───────────●──┤",
        '                 printed "My number is 1"; exit code 0; joined at 37 ms',
        " 4713 Process-2                          ├───────────●──┤",
        '                 printed "My number is 2"; exit code 0; joined at 39 ms',
        " 4714 Process-3                           ├────────────●────┤",
        '                 printed "My number is 3"; exit code 0; joined at 42 ms',
        " 4715 Process-4                             ├────────────●────┤",
        '                 printed "My number is 4"; exit code 0; joined at 44 ms',
        "",
        " ▼ starts a process  ● prints  ┄ waits  ▲ wait over  (one or more each)",
    ]


def test_in_ascii_it_is_the_same_picture() -> None:
    drawn = "\n".join(picture(q6_right()))
    for mark, character in UNICODE.items():
        drawn = drawn.replace(character, ASCII[mark])
    assert picture(q6_right(), ascii=True) == drawn.split("\n")


def test_every_mark_is_one_column_in_both_alphabets() -> None:
    assert set(UNICODE) == set(ASCII) == set(get_args(Mark))
    assert {display_width(c) for c in [*UNICODE.values(), *ASCII.values()]} == {1}
    assert "".join(ASCII.values()).isascii()


@pytest.mark.parametrize(
    ("started", "ended", "drawn"),
    [
        (0.0, 0.1, "|---------|"),
        (0.02, 0.05, "  |--|     "),
        (0.02, 0.02, "  |        "),
        (0.02, None, "  |-------|"),
    ],
)
def test_a_bar_lies_in_its_place_on_the_axis(
    started: float, ended: float | None, drawn: str
) -> None:
    trace = a_trace(a_child(4712, started, ended))
    assert bar(trace, 4712).replace(">", "|") == drawn


def test_the_start_of_a_child_is_marked_on_the_lane_of_its_parent() -> None:
    trace = a_trace(a_child(4712, 0.02), a_child(4713, 0.04, parent=4712))
    assert bar(trace, MAIN) == "|-v-------|"
    assert bar(trace, 4712) == "  |-v|     "


def test_what_multiprocessing_starts_for_itself_is_not_marked() -> None:
    assert bar(a_trace(a_child(4712, 0.02, kind="helper")), MAIN) == "|---------|"


def test_prints_are_marked_on_the_lane_of_the_process_that_wrote() -> None:
    trace = a_trace(a_child(4712), writes=(a_write(4712, "1\n", 0.04),))
    assert bar(trace, 4712) == "  |-*|     "
    assert "*" not in bar(trace, MAIN)


@pytest.mark.parametrize(("time", "drawn"), [(0.0, "  *--|     "), (0.09, "  |--*     ")])
def test_a_print_seen_too_early_or_late_is_still_on_the_bar(time: float, drawn: str) -> None:
    trace = a_trace(a_child(4712), writes=(a_write(4712, "1\n", time),))
    assert bar(trace, 4712) == drawn


def test_a_wait_that_saw_the_end_is_marked_when_it_was_over() -> None:
    trace = a_trace(a_child(4712), waits=(a_join(4712, 0.03, 0.06),))
    assert bar(trace, MAIN) == "|-v...^---|"


def test_a_wait_that_never_came_back_lasts_to_the_end() -> None:
    trace = a_trace(a_child(4712), waits=(a_join(4712, 0.04, None),))
    assert bar(trace, MAIN) == "|-v-?.....|"[:-1] + "|"
    assert "its wait for 4712 (join), begun at 40 ms, never came back" in story(trace, MAIN)


@pytest.mark.parametrize("facts", [{"saw_end": False}, {"at_exit": True}])
def test_a_wait_that_saw_no_end_or_is_the_exits_is_no_join(facts: dict[str, bool]) -> None:
    trace = a_trace(a_child(4712), waits=(a_join(4712, 0.03, 0.06, **facts),))
    assert bar(trace, MAIN) == "|-v....---|"


def test_several_kinds_in_one_column_have_a_mark_of_their_own() -> None:
    trace = a_trace(a_child(4712, 0.02), writes=(a_write(MAIN, "hi", 0.021),))
    assert bar(trace, MAIN) == "|-#-------|"


def test_several_of_one_kind_in_one_column_are_one_mark() -> None:
    trace = a_trace(a_child(4712, 0.02), a_child(4713, 0.021))
    assert bar(trace, MAIN) == "|-v-------|"
    assert "(one or more each)" in picture(trace)[-1]


def test_an_endless_wait_is_seen_whatever_else_is_in_its_column() -> None:
    trace = a_trace(a_child(4712, 0.02), waits=(a_join(4712, 0.021, None),))
    assert bar(trace, MAIN)[2] == "?"


@pytest.mark.parametrize(
    ("facts", "cap", "words"),
    [
        ({}, "|", "exit code 0"),
        ({"exit_code": 3}, "!", "exit code 3"),
        ({"exit_code": -11}, "X", "ended by SIGSEGV"),
        (
            {"exit_code": -15, "terminated": True},
            "x",
            "terminated on purpose by SIGTERM",
        ),
        ({"exit_code": None, "ended": None}, ">", "still running at the program's end"),
        ({"killed": True}, "X", "still running at the program's end, killed"),
        ({"exit_code": 0, "outlived": True}, "|", "exit code 0 after the program's end"),
        ({"exit_code": None}, "|", "ended, exit code unknown"),
        ({"exit_code": -99}, "X", "ended by signal 99"),
    ],
)
def test_the_end_of_a_process_is_drawn_and_said(
    facts: dict[str, Any], cap: str, words: str
) -> None:
    trace = a_trace(a_child(4712, **{"ended": 0.05} | facts))
    assert bar(trace, 4712).rstrip()[-1] == cap
    assert f"; {words};" in story(trace, 4712)


def test_a_bad_end_is_seen_even_where_something_was_printed_last() -> None:
    trace = a_trace(a_child(4712, exit_code=1), writes=(a_write(4712, "x", 0.05),))
    assert bar(trace, 4712) == "  |--!     "


@pytest.mark.parametrize(
    ("waited", "waits", "words"),
    [
        ("joined", (a_join(4712, 0.02, 0.06),), "joined at 60 ms"),
        ("joined", (a_join(4712, 0.02, 0.06, pid=9),), "joined at 60 ms by 9"),
        (
            "joined",
            (a_join(4712, 0.05, 0.05, how="is_alive"), a_join(4712, 0.06, 0.06)),
            "joined at 60 ms",
        ),
        (
            "otherwise",
            (a_join(4712, 0.05, 0.055, how="is_alive"),),
            "its end was seen (is_alive) at 55 ms",
        ),
        (
            "at exit",
            (a_join(4712, 0.05, 0.06, at_exit=True),),
            "only at the program's exit",
        ),
        ("never", (), "never joined"),
        ("never", (a_join(4712, 0.05, None),), "the wait for it never came back"),
    ],
)
def test_how_a_process_was_waited_for_is_said(waited: str, waits: Any, words: str) -> None:
    trace = a_trace(a_child(4712, waited=waited), waits=waits)
    assert story(trace, 4712).endswith(words)


def test_nothing_is_claimed_about_who_waited_for_a_subprocess() -> None:
    trace = a_trace(a_child(4712, kind="program", waited="never"))
    assert story(trace, 4712) == "separate program; exit code 0"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "printed nothing"),
        ("1\n", 'printed "1"'),
        ("1\n2\n", 'printed "1" and "2"'),
        ('say "hi"', "printed 'say \"hi\"'"),
        ("1\n2\n3\n", 'printed "1", "2" and "3"'),
        ("1\n2\n3\n4\n", 'printed "1", "2", "3" and 1 more line (1 byte)'),
        ("1\n2\n3\n4\né\n", 'printed "1", "2", "3" and 2 more lines (4 bytes)'),
        ("a" * 1080, f'"{"a" * 35} {"a" * 45}…" (and 1,000 more characters)'),
    ],
)
def test_what_is_left_out_of_a_print_is_counted(text: str, words: str) -> None:
    trace = a_trace(a_child(4712), writes=(a_write(4712, text),) if text else ())
    assert words.replace(" ", "") in story(trace, 4712).replace(" ", "")


def test_a_hundred_thousand_lines_take_two() -> None:
    text = "".join(f"{n}\n" for n in range(100_000))
    trace = a_trace(a_child(4712), writes=(a_write(4712, text),))
    assert '"0", "1", "2" and 99,997 more lines (588,883 bytes)' in story(trace, 4712)
    assert len(picture(trace)) < 12


def test_output_that_the_trace_lacks_is_counted() -> None:
    trace = a_trace(a_child(4712), truncated=(Truncation(4712, 5000),))
    assert "5,000 bytes from the middle of its output were not kept" in story(trace, 4712)


def test_of_an_error_its_line_and_its_name_are_said_and_how_much_was_written() -> None:
    error = Error(0.03, "NameError: name 'prnt' is not defined", "q6.py", 7)
    trace = a_trace(
        a_child(4712, error=error), writes=(a_write(4712, TRACEBACK, stream="stderr"),)
    )
    assert (
        "error at line 7 of q6.py: \"NameError: name 'prnt' is not defined\" (5 lines on stderr)"
    ) in story(trace, 4712)


def test_an_error_told_over_several_lines_is_said_in_one() -> None:
    error = Error(0.03, "RuntimeError: \n\n    No guard.\n\n    More.", "", 0)
    assert 'error: "RuntimeError: No guard. More."' in story(
        a_trace(a_child(4712, error=error)), 4712
    )


def test_what_else_is_written_to_stderr_is_quoted() -> None:
    trace = a_trace(writes=(a_write(MAIN, "careful\n", stream="stderr"),))
    assert 'wrote to stderr "careful"' in story(trace, MAIN)


def test_a_hang_is_said_in_the_heading_the_picture_and_the_words() -> None:
    lines = picture(hanging())
    assert lines[0].startswith("q6.py was stopped at its time limit of 20 s")
    assert lines[3] == " 4711 q6.py      ?" + "┄" * 61 + "X"
    assert "still running at the time limit, killed" in story(hanging(), MAIN)
    assert "the wait for it never came back" in story(hanging(), 4712)


def test_a_grandchild_names_its_parent() -> None:
    trace = a_trace(a_child(4712), a_child(4713, parent=4712))
    assert story(trace, 4713).startswith("started by 4712; ")
    assert "started by" not in story(trace, 4712)


def test_of_many_processes_sixteen_have_a_lane_and_the_rest_a_line() -> None:
    children = [a_child(4712 + n, exit_code=int(n == 150)) for n in range(197)]
    workers = [a_child(5000 + n, kind="worker", killed=n == 1) for n in range(2)]
    lines = picture(a_trace(*children, *workers))
    assert sum("├" in line for line in lines) == 16
    assert " … and 182 processes and 2 pool workers more; 1 of these ended with an error;" in lines
    assert "   1 of these had to be killed" in lines


def test_a_pool_has_a_line_and_its_workers_count_their_tasks() -> None:
    workers = [a_child(4712 + n, kind="worker") for n in range(4)]
    trace = a_trace(*workers, duration=0.3, pools=(a_pool(),))
    assert story(trace, 4712) == "pool worker, 3 tasks; exit code 0"
    said = " ".join(picture(trace))
    assert "Pool of 4 workers (asked for 4), made at 18 ms;" in said
    assert "4 workers ran 10 tasks, 2 to 3 each; left through `with` at 285 ms" in said


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"asked": None}, "Pool of 4 workers (the default)"),
        ({"owner": 99}, "made by 99 at 18 ms"),
        ({"shutdown": "closed"}, "closed, but not joined at 285 ms"),
        ({"shutdown": "never", "shut_down_at": None}, "each; never shut down"),
        ({"workers": (Worker(1, 2), Worker(2, 2))}, "2 workers ran 4 tasks, 2 each"),
        ({"outstanding": 2}, "at 285 ms with 2 tasks not finished"),
        ({"errors_collected": ("a", "b")}, "2 errors of tasks came back"),
        ({"errors_swallowed": ("E: x",)}, '1 error never fetched, "E: x"'),
        ({"errors_swallowed": ("E: x", "y")}, '2 errors never fetched, the first: "E: x"'),
        ({"flavour": "ThreadPool", "workers": ()}, "ThreadPool of 4 threads (asked for 4)"),
    ],
)
def test_what_matters_of_a_pool_is_said(facts: dict[str, Any], words: str) -> None:
    trace = a_trace(pools=(a_pool(**facts),))
    assert words in " ".join(line.strip() for line in picture(trace))


def test_of_an_executor_nothing_is_claimed_that_is_not_observed() -> None:
    pool = a_pool(flavour="ProcessPoolExecutor", shutdown="never")
    worker = a_child(4712, kind="worker")
    said = " ".join(picture(a_trace(worker, pools=(pool,))))
    assert "ProcessPoolExecutor of 4 workers (asked for 4), made at 18 ms" in said
    assert "task" not in said
    assert "shut down" not in said


@pytest.mark.parametrize("sign", get_args(Sign))
def test_every_clue_is_said_once_and_counted(sign: Sign) -> None:
    clue = Clue(MAIN, 0.02, sign, "detail")
    said = " ".join(line.strip() for line in picture(a_trace(clues=(clue, clue, clue))))
    assert said.count("(4711 at 20 ms, and 2 more times)") == 1


def test_processes_never_started_and_reports_not_believed_are_said() -> None:
    unstarted = (Unstarted(MAIN, "Process-1", None), Unstarted(MAIN, "Process-2", None))
    lines = picture(a_trace(unstarted=unstarted, ignored_records=2))
    assert ' "Process-1" and 1 more Processes were created but never started' in lines
    assert " 2 reports from inside the program were not believed" in lines


def test_the_legend_names_only_the_marks_that_are_there() -> None:
    assert not any("one or more each" in line for line in picture(a_trace()))
    trace = a_trace(writes=(a_write(MAIN, "1"),))
    assert picture(trace)[-1] == " ● prints  (one or more each)"


def test_facts_that_only_the_program_reports_are_called_so() -> None:
    heading = picture(a_trace(evidence="in-process"))[0]
    assert heading.endswith("(Python 3.12.3, fork, no sandbox, seen from inside only)")


@pytest.mark.parametrize(
    ("duration", "unit", "labels"),
    [
        (0.06, 1000, ["0", "10", "20", "30", "40", "50", "60 ms"]),
        (0.0042, 1000, ["0", "1", "2", "3", "4.2 ms"]),
        (1.3, 1, ["0", "0.5", "1", "1.3 s"]),
        (20.0, 1, ["0", "5", "10", "15", "20 s"]),
    ],
)
def test_the_axis_has_round_times_at_their_places(
    duration: float, unit: int, labels: list[str]
) -> None:
    head = picture(a_trace(a_child(4712, 0.0, 0.0), duration=duration))[2]
    assert head.startswith("  PID name       0 ")
    assert len(head) == 80
    axis = head[17:]
    assert re.split("  +", axis) == labels
    for label in labels[:-1]:
        place = int(float(label) / unit / duration * len(axis))
        assert axis[place:].startswith(f"{label} ")


def test_a_process_that_outlives_the_program_lengthens_the_axis() -> None:
    trace = a_trace(a_child(4712, 0.02, 0.4, outlived=True, killed=True))
    assert picture(trace)[2].endswith("400 ms")


@pytest.mark.parametrize("name", ["进程一号", "🎉 party", "e\u0301te\u0301", "x" * 90, "\x1b[2J"])
def test_a_bar_begins_at_its_place_whatever_the_name(name: str) -> None:
    trace = a_trace(a_child(4712, 0.0, name=name), a_child(4713, 0.0))
    lanes = [line for line in picture(trace) if "├" in line]
    assert len({display_width(line[: line.index("├")]) for line in lanes}) == 1


def test_processes_of_one_name_but_for_its_end_can_be_told_apart() -> None:
    names = ("SpawnForkServerPoolWorker-1", "SpawnForkServerPoolWorker-2")
    trace = a_trace(*(a_child(4712 + n, name=name) for n, name in enumerate(names)))
    first, second = (
        line[6:24] for line in picture(trace) if line.startswith(" 471") and "…" in line
    )
    assert (first, second) == ("SpawnForkSe…rker-1", "SpawnForkSe…rker-2")


def test_in_ascii_no_word_of_a_learner_is_left_as_it_was() -> None:
    word = "\u00e9" * 150
    trace = a_trace(
        a_child(4712, name=word, waited="otherwise"),
        program=word,
        python=word,
        start_method=word,
        writes=(a_write(4712, f"{word}\n"), a_write(MAIN, TRACEBACK + word, stream="stderr")),
        waits=(a_join(4712, 0.1, None, how=word), a_join(4712, 0.1, 0.1, how=word)),
        pools=(a_pool(errors_swallowed=(word,)),),
        unstarted=(Unstarted(MAIN, word, None),),
        clues=(Clue(MAIN, 0.02, "thread", word),),
    )
    lines = timeline(trace, 80, ascii=True)
    assert render(lines, colour=False).isascii()
    assert max(map(line_width, lines)) <= 80


@unhurried
@given(trace=traces, width=st.integers(60, 200), in_ascii=st.booleans())
def test_no_line_of_any_trace_is_too_wide_or_harmful(
    trace: Trace, width: int, *, in_ascii: bool
) -> None:
    lines = timeline(trace, width, ascii=in_ascii)
    assert max(map(line_width, lines)) <= width
    assert_harmless(render(lines, colour=False), in_ascii=in_ascii)


@unhurried
@given(traces, st.integers(1, 150))
def test_every_process_of_any_trace_has_a_bar_without_a_gap(trace: Trace, columns: int) -> None:
    for process in trace.processes:
        marks = bar_of(process, trace, Axis(trace.duration, columns))
        there = [column for column, mark in enumerate(marks) if mark]
        assert len(marks) == columns
        assert there == list(range(there[0], there[-1] + 1))


@pytest.mark.parametrize("width", [1, 20, 59, 60])
def test_narrower_than_sixty_columns_it_does_not_get(width: int) -> None:
    assert timeline(q6_right(), width) == timeline(q6_right(), 60)


def test_a_process_is_drawn_however_its_times_contradict_each_other() -> None:
    late: Process = structs.replace(a_child(4712), started=0.09, ended=0.01)
    assert bar(a_trace(late), 4712) == "         | "

"""Which numbers a process printed, and which of them are its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from grader.checks.evidence import own_processes
from grader.checks.numbers import own_numbers, printed_numbers
from grader.trace import Error, Trace
from tests.report.traces import a_child, a_trace, a_write

PIDS = (70001, 70002, 70003, 70004)


def traced(*texts: str, pids: tuple[int, ...] = PIDS, names: tuple[str, ...] = ()) -> Trace:
    """A run in which each process wrote one text."""
    children = [a_child(pid, name=f"Process-{n}") for n, pid in enumerate(pids[: len(texts)], 1)]
    for place, name in enumerate(names):
        children[place] = structs.replace(children[place], name=name)
    writes = (a_write(pid, text) for pid, text in zip(pids, texts, strict=False))
    return a_trace(*children, writes=tuple(writes))


def numbers_in(text: str, **more: str) -> list[str]:
    """The numbers of a process, as text."""
    trace = traced(text)
    process = structs.replace(trace.processes[1], **more)
    printed = printed_numbers(structs.replace(trace, processes=(trace.main, process)), [process])
    return [f"{number:f}" for number in printed[process.pid].numbers]


def own_of(trace: Trace) -> list[set[str]]:
    """The numbers of each process that are its own."""
    own = own_numbers(printed_numbers(trace, own_processes(trace)))
    return [{f"{n:f}" for n in own[process.pid]} for process in own_processes(trace)]


# -- numbers in text -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("7", ["7"]),
        ("number 7!", ["7"]),
        ("a1b", ["1"]),
        ("007", ["7"]),
        ("3.14", ["3.14"]),
        ("It is 3.", ["3"]),
        ("1.2.3", ["1.2", "3"]),
        ("0.1 0.10", ["0.1", "0.10"]),
        ("1, 2,3;4", ["1", "2", "3", "4"]),
        ("[1, 2]\n(3)", ["1", "2", "3"]),
        ("n=5", ["5"]),
        ("12345678901234567890123", ["12345678901234567890123"]),
        ("٣", ["3"]),
        ("", []),
        ("none at all", []),
        ("inf nan ½", []),
    ],
)
def test_numbers_are_read_out_of_any_text(text: str, numbers: list[str]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("-7", ["-7"]),
        ("is -7.5", ["-7.5"]),
        ("(-7)", ["-7"]),
        ("n=-7", ["-7"]),
        ("[-1, -2]", ["-1", "-2"]),
        ("5-3", ["5", "3"]),
        ("f(x)-3", ["3"]),
        ("worker-3", ["3"]),
        ("1.-3", ["1", "3"]),
        ("--3", ["3"]),
        ("5 - 3", ["5", "3"]),
    ],
)
def test_a_minus_is_a_sign_only_where_nothing_stands_before_it(
    text: str, numbers: list[str]
) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "0x7f3a12",
        "<function show at 0x7f3A5b2C1d0E>",
        "2026-08-01",
        "12:30",
        "12:30:59",
        "12:30:59.123456",
        "12:30:59,123",
        "2026-08-01 12:30:59,123 INFO",
        "q6.py:12: DeprecationWarning",
    ],
)
def test_addresses_dates_times_and_places_in_files_are_no_numbers(text: str) -> None:
    assert numbers_in(text) == []
    assert numbers_in(f"{text} 5") == ["5"]


def test_both_streams_are_read() -> None:
    trace = traced("1\n")
    (process,) = own_processes(trace)
    both = (*trace.writes, a_write(process.pid, "2\n", stream="stderr"))
    printed = printed_numbers(structs.replace(trace, writes=both), [process])
    assert printed[process.pid].numbers == (Decimal(1), Decimal(2))


def test_what_python_writes_of_a_processs_error_was_not_printed_by_it() -> None:
    trace = traced("")
    (process,) = own_processes(trace)
    process = structs.replace(process, error=Error(0.04, "ValueError", "q6.py", 3))
    writes = (
        # multiprocessing's own first line of it, written before the error is reported
        a_write(process.pid, "Process Process-1:\n", 0.03, stream="stderr"),
        a_write(process.pid, 'File "q6.py", line 3\n', 0.04, stream="stderr"),
        a_write(process.pid, "2\n", 0.05, stream="stdout"),
    )
    trace = structs.replace(trace, processes=(trace.main, process), writes=writes)
    assert printed_numbers(trace, [process])[process.pid].numbers == (Decimal(2),)


# -- names and PIDs ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "numbers"),
    [
        ("Process-1", "Process-1: 5", ["5"]),
        ("Process-1", "<Process name='Process-1' parent=x started> 5", ["5"]),
        ("Process-1", "Process-12", ["12"]),
        ("Process-1", "SubProcess-1", ["1"]),
        ("SpawnProcess-1", "SpawnProcess-1 5", ["5"]),
        ("Process-1:2", "Process-1:2 prints 3", ["3"]),
        ("worker 3", "worker 3 prints 5", ["5"]),
        ("w.3*", "w.3* prints 5", ["5"]),
        ("7", "7", ["7"]),
        ("-7.5", "-7.5", ["-7.5"]),
    ],
)
def test_a_processs_own_name_is_no_number_unless_it_is_nothing_else(
    name: str, text: str, numbers: list[str]
) -> None:
    assert numbers_in(text, name=name) == numbers


def test_pids_of_the_run_are_no_numbers_whoever_prints_them() -> None:
    trace = traced(
        f"I am {PIDS[0]}, child of {PIDS[0]}: 1",
        f"2 (before me: {PIDS[0]})",
        "3 of 4711, the main program",
        f"PID{PIDS[3]}: 4",
    )
    assert own_of(trace) == [{"1"}, {"2"}, {"3"}, {"4"}]


def test_the_pid_of_the_programs_own_parent_is_no_number() -> None:
    trace = traced("1 4000", "2", "3", "4")
    main = structs.replace(trace.main, parent=4000)
    trace = structs.replace(trace, processes=(main, *trace.processes[1:]))
    assert own_of(trace)[0] == {"1"}


SMALL = (8, 9, 10, 11)
"""A container counts its PIDs from 1."""


def test_small_pids_that_several_print_as_their_own_are_no_numbers() -> None:
    trace = traced(*(f"PID {pid} prints 5" for pid in SMALL), pids=SMALL)
    assert own_of(trace) == [set()] * 4
    trace = traced(*(f"PID {pid} prints {n}" for n, pid in enumerate(SMALL)), pids=SMALL)
    assert own_of(trace) == [{"0"}, {"1"}, {"2"}, {"3"}]


def test_a_number_that_happens_to_be_the_small_pid_of_its_process_is_one() -> None:
    trace = traced("7", "9", "1", "2", pids=SMALL)
    assert own_of(trace) == [{"7"}, {"9"}, {"1"}, {"2"}]


def test_a_number_that_happens_to_be_the_small_pid_of_another_is_one() -> None:
    trace = traced("9", "10", "11", "8", pids=SMALL)
    assert own_of(trace) == [{"9"}, {"10"}, {"11"}, {"8"}]


# -- whose own -----------------------------------------------------------------------------


def test_a_number_is_its_own_if_no_other_printed_it() -> None:
    assert own_of(traced("1", "2", "3", "4")) == [{"1"}, {"2"}, {"3"}, {"4"}]
    assert own_of(traced("1\n9", "2\n9", "3", "3\n4")) == [{"1"}, {"2"}, set(), {"4"}]


def test_the_same_number_written_in_another_way_is_the_same() -> None:
    assert own_of(traced("1", "1.0", "01", "number 1")) == [set()] * 4


def test_minus_makes_another_number() -> None:
    assert own_of(traced("1", "-1", "2", "-2")) == [{"1"}, {"-1"}, {"2"}, {"-2"}]


def test_in_the_same_sentence_the_place_where_all_differ_is_what_counts() -> None:
    trace = traced(*(f"process {n} prints {n + 1}" for n in range(1, 5)))
    assert own_of(trace) == [{"2"}, {"3"}, {"4"}, {"5"}]
    trace = traced(*(f"{n + 1} is what process number 1 of 4 says" for n in range(1, 5)))
    assert own_of(trace) == [{"2"}, {"3"}, {"4"}, {"5"}]


def test_spaces_and_the_line_end_do_not_make_another_sentence() -> None:
    trace = traced("no 1: 2", "no 2:  3\n", " no 3: 4", "no\t4: 5\r\n")
    assert own_of(trace) == [{"2"}, {"3"}, {"4"}, {"5"}]


def test_a_sentence_in_which_no_place_differs_for_all_has_no_own_numbers() -> None:
    assert own_of(traced("1 of 2", "2 of 1", "1 of 1", "2 of 2")) == [set()] * 4


def test_other_sentences_and_several_lines_are_not_compared_by_place() -> None:
    assert own_of(traced("a 1 2", "b 2 3", "c 3 4", "d 4 1")) == [set()] * 4
    assert own_of(traced("1\n2", "2\n3", "3\n4", "4\n1")) == [set()] * 4


@pytest.mark.parametrize("texts", [("1 2 3 4",) * 4, ("1 2 3 4", "2 3 4 1", "3 4 1 2", "4 1 2 3")])
def test_all_numbers_in_every_process_are_nobodys_in_whatever_order(
    texts: tuple[str, ...],
) -> None:
    assert own_of(traced(*texts)) == [set()] * 4


_number = st.integers(-50, 900) | st.decimals(-50, 900, places=2)
_words = st.text("abc XYZ,!?", max_size=12)


@given(st.lists(_number, min_size=4, max_size=4, unique=True), _words, _words)
def test_four_different_numbers_in_one_sentence_are_each_ones_own(
    numbers: list[int | Decimal], before: str, after: str
) -> None:
    trace = traced(*(f"{before} {number} {after}" for number in numbers))
    assert [{Decimal(n) for n in own} for own in own_of(trace)] == [
        {Decimal(number)} for number in numbers
    ]


@given(st.lists(_words, min_size=4, max_size=4), _number)
def test_one_number_of_all_is_nobodys(words: list[str], number: int | Decimal) -> None:
    assert own_of(traced(*(f"{text} {number} " for text in words))) == [set()] * 4


_texts = st.text("012-. :xPID\n", max_size=12) | st.just(str(PIDS[0]))


@given(st.lists(_texts, min_size=4, max_size=4), st.permutations(range(4)))
def test_it_does_not_matter_who_comes_first(texts: list[str], order: list[int]) -> None:
    trace = traced(*texts)
    shuffled = [trace.processes[1 + place] for place in order]
    other = structs.replace(trace, processes=(trace.main, *shuffled))
    assert own_of(other) == [own_of(trace)[place] for place in order]


@given(st.lists(_texts | st.text(max_size=20), min_size=4, max_size=4))
def test_no_text_makes_the_reading_fail_and_own_numbers_were_printed(texts: list[str]) -> None:
    trace = traced(*texts)
    printed = printed_numbers(trace, own_processes(trace))
    own = own_numbers(printed)
    for pid, found in own.items():
        assert found <= set(printed[pid].numbers)


@given(st.lists(st.text("12 ab\n", max_size=8), min_size=4, max_size=4))
def test_no_number_is_the_own_one_of_two(texts: list[str]) -> None:
    own = own_of(traced(*texts))
    assert sum(map(len, own)) == len(set().union(*own))

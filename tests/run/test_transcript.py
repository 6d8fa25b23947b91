"""What processes wrote is kept within bounds, in order, and counted to the last byte."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.run.transcript import Transcript
from grader.trace import Stream, Truncation, Write

_Written = list[tuple[int, float, Stream, bytes]]

_pids = st.sampled_from([7, 8, 9])
_streams: st.SearchStrategy[Stream] = st.sampled_from(["stdout", "stderr"])
# From writes of one moment, which make one record, to moments of their own.
_steps = st.sampled_from([0.0, 0.0004, 0.01, 1.0])


@st.composite
def _written(draw: st.DrawFn, data: st.SearchStrategy[bytes]) -> _Written:
    time = draw(st.sampled_from([0.0, 5000.0]))
    writes = []
    for pid, step, stream, each in draw(
        st.lists(st.tuples(_pids, _steps, _streams, data), max_size=25)
    ):
        time += step
        writes.append((pid, time, stream, each))
    return writes


_ascii = st.text("abc\n", max_size=12).map(str.encode)
_anything = st.binary(max_size=6) | st.text(max_size=4).map(str.encode)


def _transcript(written: _Written, limit: int) -> Transcript:
    transcript = Transcript(limit)
    for pid, time, stream, data in written:
        transcript.add(pid, time, stream, data)
    return transcript


def _by_pid(written: _Written) -> dict[int, bytes]:
    whole: dict[int, bytes] = defaultdict(bytes)
    for pid, _time, _stream, data in written:
        whole[pid] += data
    return whole


@given(_written(_ascii), st.integers(2, 40))
def test_what_is_kept_and_what_was_dropped_make_what_was_written(
    written: _Written, limit: int
) -> None:
    transcript = _transcript(written, limit)
    dropped = {lost.pid: lost.dropped for lost in transcript.truncated()}
    kept: dict[int, str] = defaultdict(str)
    for write in transcript.writes(0.0):
        kept[write.pid] += write.text
    for pid, data in _by_pid(written).items():
        assert len(kept[pid]) + dropped.get(pid, 0) == len(data)


@given(_written(_ascii), st.integers(1, 20))
def test_the_beginning_and_the_end_of_each_process_are_kept_half_of_the_limit_each(
    written: _Written, half: int
) -> None:
    transcript = _transcript(written, 2 * half)
    writes = transcript.writes(0.0)
    for pid, data in _by_pid(written).items():
        expected = data if len(data) <= 2 * half else data[:half] + data[-half:]
        assert "".join(w.text for w in writes if w.pid == pid) == expected.decode()


@given(_written(_anything))
def test_below_the_limit_all_is_kept_as_the_utf_8_that_it_is_in_however_many_pieces(
    written: _Written,
) -> None:
    transcript = _transcript(written, 1 << 20)
    assert transcript.truncated() == ()
    whole: dict[tuple[int, Stream], bytes] = defaultdict(bytes)
    for pid, _time, stream, data in written:
        whole[pid, stream] += data
    kept: dict[tuple[int, Stream], str] = defaultdict(str)
    for write in transcript.writes(0.0):
        kept[write.pid, write.stream] += write.text
    for key, data in whole.items():
        assert kept[key] == data.decode("utf-8", errors="backslashreplace")


@given(_written(_anything), st.integers(2, 20))
def test_records_stand_in_the_order_of_their_times_and_none_is_empty(
    written: _Written, limit: int
) -> None:
    writes = _transcript(written, limit).writes(0.0)
    times = [write.time for write in writes]
    assert times == sorted(times)
    assert all(write.text for write in writes)
    assert set(times) <= {time for _pid, time, _stream, _data in written}


@given(_written(_anything), st.integers(2, 20))
def test_one_process_has_no_say_in_what_is_kept_of_another(written: _Written, limit: int) -> None:
    together = _transcript(written, limit)
    alone = _transcript([each for each in written if each[0] == 7], limit)
    assert [lost for lost in together.truncated() if lost.pid == 7] == list(alone.truncated())
    texts = ["".join(w.text for w in t.writes(0.0) if w.pid == 7) for t in (together, alone)]
    assert texts[0] == texts[1]


def test_times_count_from_the_beginning_and_are_never_before_it() -> None:
    transcript = _transcript([(7, 99.5, "stdout", b"early"), (8, 102.0, "stderr", b"late")], 100)
    assert transcript.writes(100.0) == (
        Write(pid=7, time=0.0, stream="stdout", text="early"),
        Write(pid=8, time=2.0, stream="stderr", text="late"),
    )


def test_writes_of_one_process_in_one_moment_are_one_record() -> None:
    written: _Written = [(7, 1.0, "stdout", b"1"), (7, 1.0005, "stdout", b"\n")]
    assert [w.text for w in _transcript(written, 100).writes(0.0)] == ["1\n"]


def test_writes_that_something_came_between_are_records_of_their_own() -> None:
    written: _Written = [
        (7, 1.0, "stdout", b"a"),
        (8, 1.0, "stdout", b"b"),
        (7, 1.0, "stdout", b"c"),
        (7, 1.0, "stderr", b"d"),
        (7, 1.0, "stdout", b"e"),
        (7, 1.5, "stdout", b"f"),
    ]
    assert [(w.pid, w.text) for w in _transcript(written, 100).writes(0.0)] == [
        *((7, "a"), (8, "b"), (7, "c"), (7, "d"), (7, "e"), (7, "f"))
    ]


def test_a_flood_of_single_bytes_makes_few_records() -> None:
    transcript = _transcript([(7, 1.0, "stdout", b"x")] * 10_000, 1_000)
    writes = transcript.writes(0.0)
    assert len(writes) <= 2
    assert "".join(write.text for write in writes) == "x" * 1_000


def test_a_character_split_between_two_records_is_one() -> None:
    euro = "€".encode()
    written: _Written = [(7, 1.0, "stdout", euro[:1]), (7, 2.0, "stdout", euro[1:] + b"!")]
    assert [w.text for w in _transcript(written, 100).writes(0.0)] == ["€!"]


def test_characters_of_two_writers_at_once_do_not_mix() -> None:
    euro = "€".encode()
    writers: list[tuple[int, Stream]] = [(7, "stdout"), (7, "stderr"), (8, "stdout")]
    written = [
        (pid, float(place), stream, euro[place : place + 1])
        for place in range(3)
        for pid, stream in writers
    ]
    assert [w.text for w in _transcript(written, 100).writes(0.0)] == ["€"] * 3


def test_a_character_that_never_ends_is_shown_as_its_bytes() -> None:
    transcript = _transcript([(7, 1.0, "stdout", b"a\xe2\x82")], 100)
    assert [w.text for w in transcript.writes(0.0)] == [r"a\xe2\x82"]


def test_what_is_no_text_is_told_from_what_only_looks_like_it() -> None:
    data = rb"\udcff \ud800udcff \xff" + b"\xff\\\xff\xe2\x82"
    (write,) = _transcript([(7, 1.0, "stdout", data)], 100).writes(0.0)
    assert write.text == data.decode("utf-8", errors="backslashreplace")


def test_all_processes_together_have_room_for_8_times_what_one_may_write() -> None:
    transcript = _transcript([(pid, 1.0, "stdout", b"0123") for pid in range(20)], 4)
    assert sum(len(write.text) for write in transcript.writes(0.0)) == 8 * 4
    assert transcript.truncated() == tuple(Truncation(pid, 4) for pid in range(8, 20))


def test_of_too_many_writes_the_last_ones_of_each_process_are_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("grader.run.transcript._MOST_CHUNKS", 6)
    turns: list[tuple[int, Stream]] = [(7, "stdout"), (8, "stdout"), (8, "stderr")]
    written: _Written = [
        (turns[n % 3][0], float(n), turns[n % 3][1], b"%d" % (n % 10)) for n in range(60)
    ]
    whole = _transcript(written, 1000).writes(0.0)
    assert [(w.time, w.text) for w in whole if w.pid == 7] == [
        (0.0, "0"),
        (3.0, "3692581470369258147"),
    ]
    ends = _transcript(written, 20)
    assert len(ends.writes(0.0)) <= 6 + 2 * len(set(turns))
    for pid, data in _by_pid(written).items():
        lost = sum(each.dropped for each in ends.truncated() if each.pid == pid)
        assert sum(len(w.text) for w in ends.writes(0.0) if w.pid == pid) == len(data) - lost


def test_what_was_lost_before_it_came_here_counts_as_dropped() -> None:
    transcript = _transcript([(7, 1.0, "stdout", b"0123456789")], 4)
    transcript.drop(7, 100)
    transcript.drop(8, 3)
    assert set(transcript.truncated()) == {Truncation(7, 106), Truncation(8, 3)}


def test_nothing_written_is_nothing_kept() -> None:
    transcript = Transcript(100)
    assert (transcript.writes(0.0), transcript.truncated()) == ((), ())

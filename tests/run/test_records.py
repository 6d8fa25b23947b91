"""Reports from inside a learner's program are data that is checked, and nothing more."""

import json
from importlib import import_module
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from grader.run import records
from grader.run.records import LONGEST_RECORD, Hello, Record, Wrote, decode

# Named as a text: mypy knows the probe by the name that learners' interpreters give it.
CHANNEL: Any = import_module("grader.run.probe.grader_probe.channel")
STREAMS: Any = import_module("grader.run.probe.grader_probe.streams")

KINDS: tuple[Any, ...] = get_args(Record)

VALID: dict[str, dict[str, Any]] = {
    "hello": {"argv": ["python", "q6.py"]},
    "forked": {"parent": 1},
    "created": {"number": 1, "name": "Process-1", "target": None},
    "started": {
        "child": 4712,
        "number": 1,
        "name": "Process-1",
        "target": "show",
        "module": "__main__",
        "daemon": False,
        "method": "fork",
        "pool": 0,
    },
    "start failed": {"number": 1, "errno": 11},
    "begun": {"parent": 4711, "name": "Process-1", "target": "show", "module": "__main__"},
    "finished": {"exit_code": 0, "cpu_time": 0.01},
    "waiting": {"child": 4712, "how": "join", "at_exit": False},
    "waited": {
        "child": 4712,
        "how": "join",
        "saw_end": True,
        "exit_code": None,
        "at_exit": False,
    },
    "reaped": {"child": 4712, "exit_code": -9, "by_program": True},
    "signalled": {"child": 4712, "signal": 15},
    "pool": {"key": 140, "flavour": "Pool", "asked": None, "size": 4},
    "pool called": {"key": 140, "call": "close", "outstanding": 0},
    "task": {"function": "square", "items": 3, "began": 1.5, "failed": False},
    "task failed": {"job": 1, "error": "ValueError: x", "collected": False},
    "error collected": {"job": 1},
    "clue": {"sign": "thread", "detail": "Thread"},
    "error": {"text": "ValueError: x", "file": "/home/ada/q6.py", "line": 3},
    "resource": {"type": "semaphore", "name": "/mp-x"},
    "program": {"child": 4712, "command": "sleep"},
    "wrote": {"stream": "stdout", "data": "\u00e9"},
    "dropped": {"bytes": 5},
}
"""The fields of one report of each kind."""

COMMON = {"pid": 4711, "time": 12.5}


def _report(kind: str, **changes: Any) -> dict[str, Any]:
    return {"kind": kind, **COMMON, **VALID[kind], **changes}


def _decoded(report: object) -> Any:
    return decode(json.dumps(report).encode())


def test_every_kind_of_record_is_known_to_these_tests() -> None:
    assert {kind.__struct_config__.tag for kind in KINDS} == set(VALID)


@pytest.mark.parametrize("kind", VALID)
def test_a_report_of_each_kind_is_read(kind: str) -> None:
    record = _decoded(_report(kind))
    assert type(record).__struct_config__.tag == kind
    assert structs.asdict(record) == {**COMMON, **VALID[kind]}


@pytest.mark.parametrize("kind", VALID)
def test_what_the_probe_encodes_is_read(kind: str) -> None:
    encoded = CHANNEL._encode(_report(kind)).encode("ascii")
    assert decode(encoded) == _decoded(_report(kind))


@pytest.mark.parametrize("kind", VALID)
def test_a_field_too_many_or_too_few_is_refused(kind: str) -> None:
    assert _decoded(_report(kind, more=1)) is None
    for missing in _report(kind):
        report = _report(kind)
        del report[missing]
        assert _decoded(report) is None, missing


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@pytest.mark.parametrize("kind", VALID)
@given(name=st.text(max_size=8), value=_json)
def test_no_unknown_field_is_ever_let_in(kind: str, name: str, value: object) -> None:
    if name not in _report(kind):
        assert _decoded(_report(kind, **{name: value})) is None


@given(kind=_json | st.sampled_from(["Hello", "hello ", "HELLO", "", "records.Hello"]))
def test_no_unknown_kind_is_ever_let_in(kind: object) -> None:
    if kind not in list(VALID):
        assert _decoded({**_report("hello"), "kind": kind}) is None


_PIDS = ("pid", "child")


@pytest.mark.parametrize("pid", [0, -1, (1 << 31) + 1, 1 << 200, 1.5, "1", None, True])
def test_what_can_be_no_pid_is_refused(pid: object) -> None:
    assert _decoded(_report("started", pid=pid)) is None
    assert _decoded(_report("started", child=pid)) is None


@pytest.mark.parametrize("time", [None, "1", [], "NaN"])
def test_what_can_be_no_time_is_refused(time: object) -> None:
    assert _decoded(_report("hello", time=time)) is None


@pytest.mark.parametrize("time", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_times_that_no_clock_shows_are_refused(time: str) -> None:
    report = json.dumps(_report("hello", time=0)).replace('"time": 0', f'"time": {time}')
    assert time in report
    assert decode(report.encode()) is None


@pytest.mark.parametrize(
    ("kind", "field"),
    [("created", "name"), ("started", "target"), ("clue", "detail"), ("task failed", "error")],
)
def test_texts_longer_than_the_probe_sends_are_refused(kind: str, field: str) -> None:
    assert _decoded(_report(kind, **{field: "x" * 400})) is not None
    assert _decoded(_report(kind, **{field: "x" * 401})) is None


@pytest.mark.parametrize("signal", [-1, 129, 100_000])
def test_what_can_be_no_signal_is_refused(signal: int) -> None:
    assert _decoded(_report("signalled", signal=64)) is not None
    assert _decoded(_report("signalled", signal=signal)) is None


def test_words_of_a_fixed_set_are_no_others() -> None:
    assert _decoded(_report("pool", flavour="Pond")) is None
    assert _decoded(_report("clue", sign="innocent")) is None
    assert _decoded(_report("wrote", stream="stdin")) is None


@given(st.binary(max_size=60))
def test_no_bytes_at_all_make_reading_fail(data: bytes) -> None:
    assert decode(data) is None or isinstance(decode(data), KINDS)


@given(_json)
def test_no_json_at_all_makes_reading_fail(value: object) -> None:
    assert _decoded(value) is None


@given(
    kind=st.sampled_from(sorted(VALID)),
    places=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), min_size=1, max_size=3),
)
def test_a_damaged_report_is_refused_or_still_one_of_its_kind(
    kind: str, places: list[tuple[int, int]]
) -> None:
    data = bytearray(json.dumps(_report(kind)).encode())
    for place, byte in places:
        data[place % len(data)] = byte
    record = decode(bytes(data))
    assert record is None or isinstance(record, KINDS)


@given(kind=st.sampled_from(sorted(VALID)), field=st.integers(0, 20), value=_json)
def test_whatever_stands_in_a_field_a_record_that_is_read_keeps_to_its_types(
    kind: str, field: int, value: object
) -> None:
    names = [name for name in _report(kind) if name != "kind"]
    record = _decoded(_report(kind, **{names[field % len(names)]: value}))
    if record is not None:
        # What was let in can be written and read again, strictly, and is the same.
        assert msgspec.convert(msgspec.to_builtins(record), type(record)) == record


DEEP = 200_000

BROKEN = {
    "nothing": b"",
    "two at once": b'{"kind":"dropped","pid":1,"time":0,"bytes":1}' * 2,
    "cut off": b'{"kind":"dropped","pid":1,"time":0,"by',
    "a null byte": b'{"kind":"dropped","pid":1,"time":0,"bytes":1}\x00',
    "not utf-8": b'{"kind":"program","pid":1,"time":0,"child":2,"command":"\xff"}',
    "half a surrogate": b'{"kind":"program","pid":1,"time":0,"child":2,"command":"\\ud800"}',
    "lists nested for ever": b"[" * DEEP,
    "objects nested for ever": b'{"kind":' * DEEP,
    "a field nested for ever": b'{"kind":"hello","pid":1,"time":0,"argv":' + b"[" * DEEP,
    "an unknown field nested for ever": b'{"kind":"dropped","pid":1,"x":' + b"[" * DEEP,
    "a number of many digits": b'{"kind":"dropped","pid":1,"time":0,"bytes":' + b"9" * DEEP + b"}",
    "a pickle": b"\x80\x04\x95\x0f\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94.",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_record_is_none_and_no_error(name: str) -> None:
    assert decode(BROKEN[name]) is None


def test_the_same_field_twice_is_one_record_at_most() -> None:
    record = decode(b'{"kind":"dropped","pid":1,"pid":2,"time":0,"bytes":1}')
    assert record is None or record.pid in (1, 2)


def test_the_probes_longest_report_fits_and_keeps_its_bytes() -> None:
    data = bytes(range(256)) * (STREAMS._PIECE // 256)
    encoded = CHANNEL._encode({"kind": "wrote", **COMMON, "stream": "stdout", "data": data})
    assert len(encoded) < LONGEST_RECORD
    record = decode(encoded.encode("ascii"))
    assert isinstance(record, Wrote)
    assert record.data.encode("latin-1") == data


@given(st.text(max_size=1000))
def test_texts_of_the_probe_are_cut_to_what_is_read(text: str) -> None:
    encoded = CHANNEL._encode({"kind": "hello", **COMMON, "argv": [text]}).encode("ascii")
    record = decode(encoded)
    if text.isprintable() and text.isascii():
        assert isinstance(record, Hello)
        assert record.argv[0].startswith(text[:300])


def test_records_cannot_be_changed() -> None:
    record = _decoded(_report("dropped"))
    with pytest.raises(AttributeError):
        record.bytes = 0
    assert all(kind.__struct_config__.forbid_unknown_fields for kind in KINDS)
    assert records.Record == Record

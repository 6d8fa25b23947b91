"""A learner's notebook is read for its cells alone, however it was made and whatever it holds."""

import json
import tracemalloc
from collections.abc import Iterator

import msgspec
import pytest

from grader.sources import Cell, cells_of

LARGE = 16 << 20


def notebook(*cells: object, **more: object) -> bytes:
    return json.dumps({"cells": cells, **more}).encode()


def test_cells_have_their_type_and_their_source_in_one_piece() -> None:
    data = notebook(
        {"cell_type": "markdown", "metadata": {"a": [1]}, "source": ["# Q6\n", "why"]},
        {"cell_type": "code", "source": "print()", "outputs": [{"text": ["x"]}]},
        {"cell_type": "heading", "level": 1, "source": "Q6"},
        {"cell_type": "code"},
        nbformat=4,
    )
    assert cells_of(data) == (
        Cell("markdown", "# Q6\nwhy"),
        Cell("code", "print()"),
        Cell("raw", "Q6"),
        Cell("code", ""),
    )


def test_a_notebook_may_begin_with_a_mark_and_have_no_cell() -> None:
    assert cells_of(b"\xef\xbb\xbf" + notebook()) == ()


def test_in_an_old_notebook_code_is_the_input_and_cells_lie_in_sheets() -> None:
    code, text = {"cell_type": "code", "input": ["a\n"]}, {"cell_type": "markdown", "source": "b"}
    old = {"nbformat": 3, "worksheets": [{"cells": [code]}, {"cells": [text]}]}
    assert cells_of(json.dumps(old).encode()) == (Cell("code", "a\n"), Cell("markdown", "b"))


def test_cells_that_are_written_as_a_notebook_are_read_again() -> None:
    cells = (Cell("markdown", "é\n"), Cell("code", 'print("1")\n'), Cell("raw", ""))
    assert cells_of(msgspec.json.encode({"cells": cells})) == cells


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"9" * 9999,
        b"[" * 100_000,
        b'{"x": ' + b"[" * 100_000,
        b'{"cells": 1}',
        b'{"cells": ["\xff"]}',
        b'{"worksheets": [1]}',
        b'{"worksheets": [{}]}',
        notebook(1),
        notebook(None),
        notebook({}),
        notebook({"source": "typeless"}),
        notebook({"cell_type": "code", "source": 5}),
        notebook({"cell_type": "code", "source": ["a", 5]}),
        b'{"cells": [{"cell_type": "code", "source": "\xff"}]}',
    ],
    ids=lambda data: data[:40].decode("latin-1"),
)
def test_what_is_no_notebook_has_no_cells(data: bytes) -> None:
    assert cells_of(data) is None


CODE = b'{"cells":[{"cell_type":"code",'


@pytest.fixture
def traced() -> Iterator[None]:
    tracemalloc.start()
    yield
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("begin", "unit", "end"),
    [
        (b'{"cells":[],"x":[', b"[],", b"[]]}"),
        (CODE + b'"outputs":[', b"[],", b"[]]}]}"),
        (CODE + b'"source":[', b'"a",', b'"a"]}]}'),
        (b'{"cells":[', b"{},", b"{}]}"),
        (b'{"cells":[', b"[],", b"[]]}"),
    ],
    ids=["beside the cells", "outputs", "lines", "empty cells", "lists for cells"],
)
def test_no_notebook_takes_many_times_its_size(
    traced: None, begin: bytes, unit: bytes, end: bytes
) -> None:
    data = begin + unit * (LARGE // len(unit)) + end
    tracemalloc.reset_peak()
    before, _ = tracemalloc.get_traced_memory()
    cells_of(data)
    _, peak = tracemalloc.get_traced_memory()
    assert peak - before < 2 * LARGE

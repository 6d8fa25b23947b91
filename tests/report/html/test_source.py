import json
from typing import Any

import pytest
from msgspec import structs

from grader.handed_in import HandedInFile
from grader.mark import Answer, ExerciseReport
from grader.report.html.source import LINES_SHOWN, File, shown_files
from tests.report.traces import a_trace, an_exercise

from .classes import NOTEBOOK, SCRIPT

SCRIPT_FILE = HandedInFile("all.py", SCRIPT.encode())


def shown(path: str, data: bytes, *reports: ExerciseReport) -> File:
    (file,) = shown_files([HandedInFile(path, data)], reports)
    return file


def answered(id_: str = "q6", **answer: Any) -> ExerciseReport:
    return an_exercise(id=id_, answer=Answer(belief="number", why="it says so", **answer))


def answers(file: File) -> dict[int, str]:
    """By line, what it answers."""
    return {line.number: line.answer for b in file.blocks for line in b.lines if line.answer}


def test_a_program_is_one_block_of_numbered_lines() -> None:
    (block,) = shown("q6.py", b"a\n\n\tb\r\n").blocks
    assert (block.cell, block.kind) == (None, "")
    assert [(line.number, line.text) for line in block.lines] == [
        (1, "a"),
        (2, ""),
        (3, " " * 8 + "b"),
    ]


def test_the_lines_of_answers_are_marked() -> None:
    file = shown("all.py", SCRIPT.encode(), answered(lines=(1, 2)), answered("q3", lines=(2, 3)))
    assert answers(file) == {1: "q6", 2: "q6, q3", 3: "q3"}


def test_lines_that_are_not_there_are_not_marked() -> None:
    assert answers(shown("all.py", b"a\nb\n", answered(lines=(2, 9_999_999_999)))) == {2: "q6"}


def test_a_notebook_is_shown_cell_by_cell_with_the_answers_marked() -> None:
    markdown, code, raw = shown("all.ipynb", NOTEBOOK, answered(cells=(1,))).blocks
    assert [(b.cell, b.kind, b.answer) for b in (markdown, code, raw)] == [
        (1, "markdown", ""),
        (2, "code", "q6"),
        (3, "raw", ""),
    ]
    assert [line.text for line in markdown.lines] == ["# Q6", "<b>bold</b>"]
    assert {line.answer for line in code.lines} == {"q6"}


def test_a_notebook_of_an_old_version_is_shown_too() -> None:
    cells = [{"cell_type": "code", "input": ["a = 1"]}]
    old = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
    (block,) = shown("q6.ipynb", old).blocks
    assert [line.text for line in block.lines] == ["a = 1"]


@pytest.mark.parametrize(
    "data",
    [b"{", b"[]", b'{"cells": 1}', b'{"worksheets": [1]}', b"[" * 100_000, b'"\xff"', b"9" * 9999],
    ids=["cut", "list", "cells", "sheets", "deep", "bytes", "number"],
)
def test_what_is_no_notebook_is_shown_as_it_is(data: bytes) -> None:
    file = shown("q6.ipynb", data)
    assert file.remark.startswith("This is no notebook that can be read")
    assert [block.cell for block in file.blocks] == [None]


def test_a_notebook_with_a_strange_cell_is_shown_as_it_is() -> None:
    data = json.dumps({"cells": [{"source": 5}, {"cell_type": "code", "source": "x"}]}).encode()
    file = shown("q6.ipynb", data)
    assert file.remark.startswith("This is no notebook that can be read")
    assert [line.text for line in file.blocks[0].lines] == [data.decode()]


def test_of_several_files_the_one_that_was_run_holds_the_answer() -> None:
    other = structs.replace(SCRIPT_FILE, path="sub/q6.py")
    report = structs.replace(answered(lines=(1, 1)), trace=a_trace(program="/tmp/x/q6.py"))
    first, second = shown_files([SCRIPT_FILE, other], [report])
    assert (answers(first), answers(second)) == ({}, {1: "q6"})


def test_where_several_files_could_hold_the_answer_none_is_marked() -> None:
    files = [SCRIPT_FILE, structs.replace(SCRIPT_FILE, path="other.py")]
    assert not any(map(answers, shown_files(files, [answered(lines=(1, 1))])))


def test_more_lines_than_there_is_room_for_are_counted() -> None:
    first, second = shown_files(
        [HandedInFile("a.py", b"x\n" * (LINES_SHOWN - 1)), HandedInFile("b.py", b"y\n" * 10)], []
    )
    assert (len(first.blocks[0].lines), first.remark) == (LINES_SHOWN - 1, "")
    assert (len(second.blocks[0].lines), second.remark) == (1, "9 more lines of it are not shown.")


def test_a_long_line_is_cut_with_an_ellipsis() -> None:
    (line,) = shown("q6.py", b"\t" * 10_000_000).blocks[0].lines
    assert len(line.text) == 600
    assert line.text.endswith("…")


def test_what_is_no_text_is_named_and_not_shown() -> None:
    file = shown("plot.png", b"\x89PNG\0\0")
    assert (file.blocks, file.remark) == ((), "Not shown: it is no text (6 bytes).")


def test_what_is_no_utf8_is_shown_byte_by_byte() -> None:
    assert shown("q6.py", b"# \xe9t\xe9\n").blocks[0].lines[0].text == r"# \xe9t\xe9"


def test_an_empty_file_says_so() -> None:
    assert shown("q6.py", b"").remark == "It is empty."


def test_of_very_many_files_the_rest_is_counted() -> None:
    files = [HandedInFile(f"{n}.py", b"x") for n in range(60)]
    *_, last = shown_files(files, [])
    assert last.path == "… and 10 more files"

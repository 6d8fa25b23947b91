"""What may be handed in is read to its end, and nothing is waited or paid for that has none."""

import json
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.load import Missing, NotAProgramError, Program, load
from grader.load.content import (
    LARGEST_NOTEBOOK,
    LARGEST_SOURCE,
    LONGEST_PARSED,
    NothingThereError,
    TooLargeError,
    UnreadableError,
    content,
    is_there,
    size,
)
from grader.load.find import find
from grader.load.needs import needed
from grader.load.notebook import BrokenNotebookError, read_notebook
from grader.load.parts import MOST_CELLS
from grader.load.script import decoded, holds_several, split_script

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="what POSIX systems alone have")


def _socket(path: Path) -> None:
    # Its address may have little more than 100 characters (unix(7)).
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        socket.socket(socket.AF_UNIX).bind(path.name)
    finally:
        os.chdir(here)


UNENDING: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "standard input": lambda path: path.symlink_to("/dev/tty"),
    "a folder": lambda path: path.mkdir(),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@posix
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", UNENDING)
def test_what_has_no_end_is_not_read_and_one_line_says_so(tmp_path: Path, what: str) -> None:
    path = tmp_path / "q6.py"
    UNENDING[what](path)
    with pytest.raises(UnreadableError) as caught:
        content(path, LARGEST_SOURCE)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@posix
def test_a_pipe_that_comes_in_the_place_of_a_file_holds_nothing_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, file = tmp_path / "q6.py", tmp_path / "file"
    os.mkfifo(path)
    file.write_text("")
    before = file.stat()
    monkeypatch.setattr(Path, "stat", lambda _path: before)
    with pytest.raises(UnreadableError):
        content(path, LARGEST_SOURCE)


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(NothingThereError, match=r"nowhere\.py is not there, or not any more"):
        content(tmp_path / "nowhere.py", LARGEST_SOURCE)


@pytest.mark.parametrize("limit", [LARGEST_SOURCE, LARGEST_NOTEBOOK])
def test_a_file_may_be_as_large_as_the_limit_and_no_larger(tmp_path: Path, limit: int) -> None:
    path = tmp_path / "q6.py"
    path.write_bytes(b"#" * limit)
    assert len(content(path, limit)) == limit
    path.write_bytes(b"#" * (limit + 1))
    with pytest.raises(TooLargeError, match=f"larger than {size(limit)}"):
        content(path, limit)


def test_of_a_file_that_is_too_large_not_a_byte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "q6.py"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    begun = time.monotonic()
    found = load(path, "q6")
    assert isinstance(found, Missing)
    assert "is larger than 256 KiB, which no answer is: hand in the program alone" in found.why
    assert time.monotonic() - begun < 1


LONG = "d" * 200


@posix
@pytest.mark.parametrize(
    "path", [Path("/", *[LONG] * 25), Path("x" * 5000), Path("/dev/null/q6.py"), Path("q\0.py")]
)
def test_a_name_that_no_file_can_have_is_no_file(path: Path) -> None:
    assert not is_there(path)


@posix
def test_a_path_that_is_too_long_is_a_mistake_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(NotAProgramError, match="cannot be read: File name too long"):
        load(Path("/", *[LONG] * 25), "q6")
    # The folder may be there, and no file in it have a name.
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(20):
            Path(LONG).mkdir()
            os.chdir(LONG)
    finally:
        os.chdir(here)
    folder = tmp_path.joinpath(*[LONG] * 20)
    folder = Path(str(folder)[: 4094 - len(str(folder)) % 2])
    with pytest.raises(NotAProgramError, match="cannot be read"):
        load(folder, "q6")


NAMES = [
    "line\nbreak.py",
    "'\"`$().py",
    "-rf.py",
    "\u202eyp.exe.py",
    "a" * 252 + ".py",
    "\udcff.py",
]


@posix
@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name_that_the_system_allows(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("print(1)")
    assert load(tmp_path / name, "q6") == Program(tmp_path / name)


@posix
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("what", UNENDING)
@pytest.mark.parametrize("name", ["q6.py", "q6.ipynb", "assignment.ipynb"])
def test_what_is_no_file_in_a_folder_is_passed_over(tmp_path: Path, what: str, name: str) -> None:
    UNENDING[what](tmp_path / name)
    assert load(tmp_path, "q6") == Missing(f"There is no q6.py in {tmp_path}.")


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read all")
def test_what_may_not_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "q6.py"
    path.write_text("print(1)")
    path.chmod(0)
    with pytest.raises(UnreadableError, match="cannot be read: Permission denied"):
        load(path, "q6")


def test_a_file_that_the_system_does_not_let_be_read_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As above, also for root."""
    path = tmp_path / "q6.py"
    path.write_text("print(1)")

    def refused(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refused)
    with pytest.raises(UnreadableError, match=r"q6\.py cannot be read: Permission denied\."):
        load(path, "q6")


# -- notebooks -----------------------------------------------------------------------------


def test_a_notebook_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "q6.ipynb"
    with path.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(BrokenNotebookError, match=r"larger than 16 MiB.*clear the outputs"):
        read_notebook(path)


def _notebook(path: Path, *sources: str) -> Path:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    path.write_text(json.dumps({"nbformat": 4, "cells": cells}))
    return path


def test_a_notebook_of_100_000_cells_is_refused_at_once(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "q6.ipynb", *["x = 1"] * 100_000)
    with pytest.raises(BrokenNotebookError, match="has 100,000 cells, and no assignment"):
        read_notebook(path)
    assert len(read_notebook(_notebook(path, *["x = 1"] * MOST_CELLS))) == MOST_CELLS


def test_a_notebook_with_more_code_than_any_program_is_refused(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "q6.ipynb", *["x = 1\n" * 20_000] * 20)
    with pytest.raises(BrokenNotebookError, match="more than 256 KiB of code"):
        read_notebook(path)


def test_what_is_no_character_in_a_source_is_replaced(tmp_path: Path) -> None:
    (part,) = read_notebook(_notebook(tmp_path / "q6.ipynb", "print('\ud800')"))
    assert part.source == "print('\ufffd')"


def test_what_is_no_character_in_a_script_is_replaced_too() -> None:
    assert decoded(b"# coding: unicode_escape\n'\\ud800'") == "# coding: unicode_escape\n'\ufffd'"


def test_a_script_is_cut_into_no_more_cells_than_a_notebook_may_have() -> None:
    assert len(split_script("# %%\nx = 1\n" * 5 * MOST_CELLS)) == MOST_CELLS + 1


# -- sources that take long ----------------------------------------------------------------

LINES = {
    "statements": "x = 1\n",
    "statements in one line": "x=1;",
    "terms": "1+",
    "brackets": "(",
    "headings": "# Q3\n",
    "answers": "# Q3\nprint(1)\n# Q6\nprint(2)\n",
    "titles": "# Q3. Create a process\n",
    "cells": "# %%\nx = 1\n",
    "functions": "def q3(): pass\n",
    "lone strings": "'Q3. a'\n",
    "open strings": "'''\n",
    "prints": "print('Q3')\n",
    "magics": "%a\n",
    "words": "what is this thing about\n",
    "numbers": "1. a\n",
    "guards": "if __name__ == '__main__':\n    # Q3\n    pass\n    # Q6\n    pass\n",
    "continuations": "\\\n",
}


@pytest.mark.parametrize("what", LINES)
def test_a_source_as_large_as_may_be_is_looked_through_in_seconds(what: str) -> None:
    line = LINES[what]
    begun = time.monotonic()
    parts = split_script((line * (LARGEST_SOURCE // len(line) + 1))[:LARGEST_SOURCE])
    holds_several(parts)
    find(parts)
    assert time.monotonic() - begun < 30, "it took some seconds on a slow machine"


@pytest.mark.parametrize("what", ["functions", "statements in one line", "statements"])
def test_what_an_answer_needs_of_a_long_file_is_found_in_seconds(what: str) -> None:
    line = LINES[what]
    source = line * (LONGEST_PARSED // 2 // len(line))
    begun = time.monotonic()
    assert needed("q3(), x", [source], [source])
    assert time.monotonic() - begun < 30, "it took two seconds on a slow machine"

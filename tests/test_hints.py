"""Hints come one at a time, whatever has become of the file that remembers them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks.q3 import EXERCISE
from tests.conftest import ROOT

HINTS = EXERCISE.checks[1].hints


def _hint(path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", "hint", "q3", str(path)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)


def test_each_call_gives_the_next_hint_and_the_last_one_stays(
    program: Callable[..., Path],
) -> None:
    path = program("print(1)", "q3.py")
    for number in (1, 2, 3, 3):
        done = _hint(path)
        assert done.returncode == 0
        assert done.stdout.endswith(f"Hint {number} of 3: {HINTS[number - 1]}\n")


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"q3.process_started": -9}', '{"q3.process_started": "x"}', "[" * 100_000],
    ids=["empty", "a list", "a negative number", "a text", "nested without end"],
)
def test_a_file_that_makes_no_sense_starts_anew(
    program: Callable[..., Path], content: str
) -> None:
    path = program("print(1)", "q3.py")
    (path.parent / ".grade").mkdir()
    (path.parent / ".grade" / "hints.json").write_text(content, encoding="utf-8")
    done = _hint(path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Hint 1 of 3" in done.stdout


def test_a_hint_that_cannot_be_remembered_is_given_all_the_same(
    program: Callable[..., Path],
) -> None:
    path = program("print(1)", "q3.py")
    program("", ".grade")
    done = _hint(path)
    assert done.returncode == 0
    assert "Hint 1 of 3" in done.stdout
    assert "cannot be remembered" in done.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("what", ["a pipe", "a device", "a file of 200 MB"])
def test_a_file_without_an_end_is_not_waited_for(program: Callable[..., Path], what: str) -> None:
    path = program("print(1)", "q3.py")
    file = path.parent / ".grade" / "hints.json"
    file.parent.mkdir()
    if what == "a pipe":
        os.mkfifo(file)
    elif what == "a device":
        file.symlink_to("/dev/zero")
    else:
        with file.open("wb") as whole:
            whole.truncate(200 << 20)
    for number in (1, 2):
        done = _hint(path)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"Hint {number} of 3" in done.stdout


@pytest.mark.parametrize("linked", [".grade", ".grade/hints.json"])
def test_nothing_is_written_through_a_link_that_was_handed_in(
    program: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, linked: str
) -> None:
    path = program("print(1)", "q3.py")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    precious = elsewhere / "hints.json"
    precious.write_text("precious")
    link = path.parent / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere if linked == ".grade" else precious)
    done = _hint(path)
    assert done.returncode == 0
    assert "Hint 1 of 3" in done.stdout
    assert [file.name for file in elsewhere.iterdir()] == ["hints.json"]
    assert precious.read_text() == "precious"


def test_a_right_answer_needs_no_hint() -> None:
    done = _hint(ROOT / "solutions" / "q3.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing to give a hint on" in done.stdout

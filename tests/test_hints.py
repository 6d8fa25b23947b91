"""Hints come one at a time, whatever has become of the file that remembers them."""

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


def test_a_right_answer_needs_no_hint() -> None:
    done = _hint(ROOT / "solutions" / "q3.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing to give a hint on" in done.stdout

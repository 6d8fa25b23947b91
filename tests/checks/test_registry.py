"""The exercises: found by their files, and worth what they say."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.checks import exercise, exercise_ids
from grader.checks.portable import HINT, ID, TITLE
from tests.conftest import ROOT

CONTRACT = {
    "q3": ["ran_clean", "process_started", "work_in_child", "joined"],
    "q5": ["ran_clean", "pool_created", "pool_size", "work_in_workers", "pool_shut_down"],
    "q6": ["ran_clean", "four_processes", "distinct_pids", "distinct_numbers", "joined"],
}
"""The checks of DESIGN.md: learners' marks and other people's scripts rest on their ids."""


def test_the_exercises_are_those_of_the_assignment_in_its_order() -> None:
    assert exercise_ids() == tuple(CONTRACT)


@pytest.mark.parametrize("id_", CONTRACT)
def test_an_exercise_has_the_checks_of_the_contract(id_: str) -> None:
    assert exercise(id_).id == id_
    assert [check.id for check in exercise(id_).checks] == CONTRACT[id_]


@pytest.mark.parametrize("id_", CONTRACT)
def test_an_exercise_is_worth_10_points_and_each_check_some_of_them(id_: str) -> None:
    assert exercise(id_).max_points == 10
    assert all(check.points > 0 for check in exercise(id_).checks)


@pytest.mark.parametrize("id_", CONTRACT)
def test_a_check_needs_only_what_comes_before_it(id_: str) -> None:
    earlier: set[str] = set()
    for check in exercise(id_).checks:
        assert set(check.needs) <= earlier
        earlier.add(check.id)


@pytest.mark.parametrize("id_", CONTRACT)
def test_titles_and_hints_are_whole_short_and_different_sentences(id_: str) -> None:
    checks = exercise(id_).checks
    assert len({check.title for check in checks}) == len(checks)
    for check in checks:
        assert 0 < len(check.title) <= 80
        assert len(check.hints) >= 2, "a nudge first, nearly the answer last"
        assert len(set(check.hints)) == len(check.hints)
        for text in (check.title, *check.hints):
            assert text.isascii()
            assert text == " ".join(text.split())


def test_the_advice_is_no_check_of_any_exercise() -> None:
    assert ID == "portable"
    assert TITLE
    assert "__main__" in HINT
    assert all(ID not in CONTRACT[id_] for id_ in exercise_ids())


@pytest.mark.parametrize("id_", ["q9", "Q6", "", "q6.py", "base", "../q6"])
def test_an_unknown_exercise_is_a_key_error(id_: str) -> None:
    with pytest.raises(KeyError):
        exercise(id_)


NEW = """
from grader.checks.base import Check, Exercise, Verdict, fails, holds
from grader.trace import Trace

def judge(trace: Trace) -> Verdict:
    text = trace.text(trace.main.pid)
    return holds("It greets.") if "hello" in text else fails("It says nothing.")

EXERCISE = Exercise(
    id="q10",
    title="Greet",
    question="Write a program that greets.",
    checks=(Check(id="greets", title="It greets", points=10, judge=judge, hints=("Say it.",)),),
)
"""


def test_one_file_of_checks_adds_an_exercise_to_the_command(tmp_path: Path) -> None:
    shutil.copytree(
        ROOT / "grader", tmp_path / "kit" / "grader", ignore=shutil.ignore_patterns("__pycache__")
    )
    (tmp_path / "kit" / "grader" / "checks" / "q10.py").write_text(NEW)
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "q10.py").write_text("print('hello')\n")
    done = subprocess.run(
        [sys.executable, "-m", "grader"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "kit"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("q")]
    # In the order of their numbers, not of their letters.
    assert [row[0] for row in rows] == ["q3", "q5", "q6", "q10"]
    assert rows[-1] == ["q10", "Greet", "passed", "10/10"]

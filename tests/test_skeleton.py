"""What learners get is made from the reference solutions, and can be run as it is."""

import os
import re
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks import exercise, exercise_ids
from grader.grading import grade
from grader.settings import Settings
from grader.skeleton import (
    ASSIGNMENT,
    TODO,
    MarkerError,
    skeleton,
    skeletons,
    solved,
    write_skeletons,
)
from tests.conftest import ROOT

SOLUTIONS, EXERCISES = ROOT / "solutions", ROOT / "exercises"

FILES = sorted(
    [*(f"{id_}{ending}" for id_ in exercise_ids() for ending in (".py", ".ipynb")), ASSIGNMENT]
)


def _made(solution: str) -> str:
    return skeleton(dedent(solution))


# -- the markers ---------------------------------------------------------------------------


def test_what_is_between_the_markers_becomes_one_todo() -> None:
    assert (
        _made("""\
        before = 1
        ### BEGIN SOLUTION
        secret = 2

        also_secret = 3
        ### END SOLUTION
        after = 4
        """)
        == f"before = 1\n{TODO}\nafter = 4\n"
    )


def test_a_todo_stands_where_its_marker_stood() -> None:
    assert (
        _made("""\
        def main():
            if True:
                ### BEGIN SOLUTION
                work()
                ### END SOLUTION
        """)
        == f"def main():\n    if True:\n        {TODO}\n"
    )


def test_each_marked_part_gets_its_own_todo() -> None:
    marked = "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n"
    assert _made(f"{marked}between = 0\n{marked}") == f"{TODO}\nbetween = 0\n{TODO}\n"


def test_a_solution_without_markers_is_its_own_skeleton() -> None:
    assert _made("x = 1\n\ny = 2\n") == "x = 1\n\ny = 2\n"


def test_a_skeleton_ends_with_one_newline() -> None:
    assert skeleton("x = 1") == skeleton("x = 1\n") == "x = 1\n"


@pytest.mark.parametrize("character", ["\f", "\v", "\x1c", "\x85", "\u2028"])
def test_what_python_takes_for_no_line_end_is_kept(character: str) -> None:
    assert skeleton(f"x = '{character}'\n") == f"x = '{character}'\n"


@pytest.mark.parametrize(
    "line",
    [
        "# BEGIN SOLUTION",
        "#### BEGIN SOLUTION",
        "### BEGIN SOLUTION of q6",
        "x = 1 ### BEGIN SOLUTION",
        "### begin solution",
        "### END SOLUTIONS",
    ],
)
def test_what_only_resembles_a_marker_is_none(line: str) -> None:
    assert skeleton(f"{line}\n") == f"{line}\n"


def test_spaces_after_a_marker_do_no_harm() -> None:
    assert skeleton("### BEGIN SOLUTION  \nx = 1\n### END SOLUTION\t\n") == f"{TODO}\n"


@pytest.mark.parametrize(
    ("lines", "error"),
    [
        ("x\n### BEGIN SOLUTION\ny", "line 2: a BEGIN SOLUTION without its END"),
        ("x\ny\n### END SOLUTION", "line 3: an END SOLUTION without its BEGIN"),
        (
            "### BEGIN SOLUTION\nx\n### BEGIN SOLUTION\n### END SOLUTION",
            "line 3: a second BEGIN SOLUTION after line 1",
        ),
        (
            "### BEGIN SOLUTION\n### END SOLUTION\n### END SOLUTION",
            "line 3: an END SOLUTION without its BEGIN",
        ),
    ],
)
def test_a_marker_without_its_other_half_is_an_error_that_names_the_line(
    lines: str, error: str
) -> None:
    with pytest.raises(MarkerError, match=f"^{re.escape(error)}$"):
        skeleton(lines)


def test_the_error_names_the_file_too(tmp_path: Path) -> None:
    (tmp_path / "q3.py").write_text("x = 1\n")
    broken = tmp_path / "q6.py"
    broken.write_text("x = 1\n### BEGIN SOLUTION\n")
    with pytest.raises(MarkerError, match=re.escape(f"{broken}: line 2: ")):
        list(skeletons(tmp_path))


_kept = st.lists(st.sampled_from(["x = 1", "", "def f():", "    pass"]), max_size=4)
_secret = st.lists(st.sampled_from(["secret = 1", "    secret()", ""]), max_size=4)


@given(st.lists(st.tuples(_kept, _secret, st.sampled_from(["", "    "])), max_size=4), _kept)
def test_everything_outside_the_markers_is_kept_and_nothing_within(
    parts: list[tuple[list[str], list[str], str]], end: list[str]
) -> None:
    solution, expected = [], []
    for kept, secret, indent in parts:
        marks = f"{indent}### BEGIN SOLUTION", f"{indent}### END SOLUTION"
        solution += [*kept, marks[0], *secret, marks[1]]
        expected += [*kept, f"{indent}{TODO}"]
    lines = "".join(f"{line}\n" for line in [*expected, *end])
    assert skeleton("".join(f"{line}\n" for line in [*solution, *end])) == (lines or "\n")


def test_solved_is_all_but_the_markers() -> None:
    solution = """\
        before = 1
        ### BEGIN SOLUTION
        kept = "### BEGIN SOLUTION"
        ### END SOLUTION
        after = 2
        """
    assert solved(dedent(solution)) == 'before = 1\nkept = "### BEGIN SOLUTION"\nafter = 2\n'


# -- writing them --------------------------------------------------------------------------


def test_all_are_written_into_a_new_folder(tmp_path: Path) -> None:
    target = tmp_path / "out" / "exercises"
    written = write_skeletons(SOLUTIONS, target)
    assert sorted(written) == sorted(target.iterdir()) == [target / name for name in FILES]


def test_an_older_skeleton_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "q6.py").write_text("old")
    write_skeletons(SOLUTIONS, tmp_path)
    assert (tmp_path / "q6.py").read_bytes() == (EXERCISES / "q6.py").read_bytes()


def test_nothing_is_written_where_a_marker_lacks_its_other_half(tmp_path: Path) -> None:
    (tmp_path / "q3.py").write_text("x = 1\n")
    (tmp_path / "q6.py").write_text("### BEGIN SOLUTION\n")
    with pytest.raises(MarkerError):
        write_skeletons(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# -- those of the repository ---------------------------------------------------------------


def test_exercises_is_exactly_what_is_made_from_the_solutions() -> None:
    made = {name: text.encode() for name, text in skeletons(SOLUTIONS)}
    found = {name: (EXERCISES / name).read_bytes() for name in FILES}
    assert found == made, "run: grade handout"


@pytest.mark.parametrize("id_", exercise_ids())
def test_no_line_of_an_answer_is_in_the_skeleton(id_: str) -> None:
    given_out = (EXERCISES / f"{id_}.py").read_text(encoding="utf-8")
    code = given_out.partition('"""\n\n')[2]
    assert code.count(TODO) == 2
    for word in ("import", "Process", "Pool", "SOLUTION"):
        assert word not in code


@pytest.mark.parametrize("id_", exercise_ids())
def test_a_skeleton_runs_as_it_is_and_does_nothing(id_: str) -> None:
    done = subprocess.run(
        [sys.executable, f"{id_}.py"],
        cwd=EXERCISES,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_grading_the_skeletons_says_absent_and_how_to_start() -> None:
    report = grade(EXERCISES, exercise_ids(), Settings())
    assert [each.status for each in report.exercises] == ["absent"] * len(exercise_ids())
    for each in report.exercises:
        assert "TODO" in each.note
        assert each.trace is None


@pytest.mark.parametrize("id_", exercise_ids())
def test_the_docstring_names_what_is_wanted_what_is_checked_and_how_to_grade(id_: str) -> None:
    from grader.checks import exercise

    words = (EXERCISES / f"{id_}.py").read_text(encoding="utf-8").split('"""')[1]
    assert words.startswith(f"{id_.upper()}. ")
    assert "\nWanted: " in words
    listed = re.findall(r"^    (\w+)  +\S", words, re.MULTILINE)
    assert listed == [check.id for check in exercise(id_).checks]
    assert f"\n    grade {id_}\n" in words


@pytest.mark.parametrize("id_", exercise_ids())
def test_a_solution_begins_with_the_question_as_the_checks_have_it(id_: str) -> None:
    asked = " ".join((ROOT / "solutions" / f"{id_}.py").read_text().split('"""')[1].split())
    assert asked.startswith(f"{id_.upper()}. {exercise(id_).question} ")

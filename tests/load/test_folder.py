"""Which file of a folder is taken for the answer: people name their files as they like."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4

from grader.load import (
    LARGEST_SOURCE,
    Assignment,
    Missing,
    NotAProgramError,
    Program,
    content,
    folder,
    load,
)
from tests.conftest import ROOT
from tests.load.kit import FOUR, ONE, POOL, code, md

RUNS = "print(1)\n"
EMPTY = "# TODO\n"
ALL = f"# Q3\n{ONE}\n# Q5\n{POOL}\n# Q6\n{FOUR}"
TWO = f"# Q3\n{ONE}\n# Q5\n{POOL}"


def cells(*numbers: int, **more: str) -> str:
    """A notebook with an answer under a heading for each of these questions."""
    found = [cell for n in numbers for cell in (md(f"## Q{n}."), code(FOUR))]
    found += [code(source) for source in more.values()]
    return written(*found)


def written(*found: Any) -> str:
    return str(nbformat.writes(v4.new_notebook(cells=[*found])))


def submit(place: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files, all of the same time, as whoever unpacks one leaves it."""
    for name, source in files.items():
        file = place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, encoding="utf-8")
        changed(file, 0)
    return place


def changed(file: Path, seconds: float) -> None:
    """Say that a file was changed then."""
    moment = 1_700_000_000_000_000_000 + int(seconds * 1e9)
    os.utime(file, ns=(moment, moment))


def taken(place: Path, exercise_id: str = "q6") -> str | None:
    """The file that is taken, by its path in the folder."""
    answer = load(place, exercise_id)
    return None if isinstance(answer, Missing) else answer.path.relative_to(place).as_posix()


# -- names ---------------------------------------------------------------------------------

OF_Q6 = [
    *("q6.py", "Q6.py", "Q6.PY", "q6.PY", "q06.py", "6.py", "06.py", "(6).py", "_6_.py"),
    *("no. 6.py", "q-6.py", "q_6.py", "q 6.py", "Q.6.py", "Q#6.py", "Q(6).py", "Q. No. 6.py"),
    *("question6.py", "Question 6.py", "question_no_6.py", "QUESTION-06.py", "que6.py"),
    *("Ques 6.py", "qn6.py", "ex6.py", "Ex. 6.py", "exercise-6.py", "exercise_number_6.py"),
    *("task 6.py", "Task6.py", "problem6.py", "ans6.py", "Answer 6.py", "solution_6.py"),
    *("q6_solution.py", "q6final.py", "q6b.py", "q6-2.py", "q6 v2.py", "Q6.1.py"),
    *("alice_q6.py", "doe_q6_final.py", "AliceQ6.py", "2023q6.py", "doejane_4711_99_q6-1.py"),
    *("multiprocessing question 6 answer.py", "assignment 3 question 6.py", "müller_q6.py"),
    *("q6 (1).py", "q6(1).py", "q6-Copy1.py", "q6 copy.py", "q6 - Copy (2).py"),
    *("Copy of q6.py", "q3_q6.py", "q3-q6.py", "q1-6.py", "Q3,5,6.py", "q3 and 6.py"),
    *(
        "q1 to 6.py",
        "q5-7.py",
        "q4_to_8.py",
        "q6,5.py",
        "6_four_processes.py",
        "alice_6.py",
        "4711_6.py",
    ),
]


@pytest.mark.parametrize("name", OF_Q6)
def test_a_file_is_named_after_a_question_by_its_number_as_a_word(
    tmp_path: Path, name: str
) -> None:
    # Neither of the others is, and so there is not only one program.
    submit(tmp_path, {name: RUNS, "a.py": RUNS, "z.py": RUNS})
    assert taken(tmp_path) == name


NOT_OF_Q6 = [
    *("q16.py", "q60.py", "q10.py", "q66.py", "question 65.py", "q6666.py", "q2006.py"),
    *("faq6.py", "text6.py", "index6.py", "exam6.py", "quiz6.py", "main6.py", "process6.py"),
    *(
        "q7-6.py",
        "q5,7.py",
        "q5 and 7.py",
        "q3_6.py",
        "task 3 6.py",
        "q3-5.py",
        "q3.py",
        "6 of 2023-06-05.py",
        "week 6 day 5.py",
        "16.py",
    ),
    *("answers (6).py", "Solution (6).py", "multiprocessing (6).py", "main-Copy6.py", "v2.6.1.py"),
    *("test_q6.py", "q6_test.py", "six.py", "question_six.py", "task_four_processes.py"),
]


@pytest.mark.parametrize("name", NOT_OF_Q6)
def test_any_other_number_is_no_name_of_the_question(tmp_path: Path, name: str) -> None:
    submit(tmp_path, {name: RUNS, "a.py": RUNS, "z.py": RUNS})
    assert taken(tmp_path) is None


@pytest.mark.parametrize("name", ["q10.py", "Question 10.py", "10.py", "q3.py", "task 3.py"])
@pytest.mark.parametrize("id_", ["q6", "q1"])
def test_a_file_named_after_another_question_is_not_taken_even_alone(
    tmp_path: Path, name: str, id_: str
) -> None:
    submit(tmp_path, {name: RUNS})
    assert taken(tmp_path, id_) is None


def test_notebooks_may_have_such_names_too(tmp_path: Path) -> None:
    names = {3: "Question 3.IPYNB", 5: "alice-q5.ipynb", 6: "06.ipynb"}
    submit(tmp_path, {name: cells(number) for number, name in names.items()})
    for number, name in names.items():
        assert load(tmp_path, f"q{number}") == Assignment(tmp_path / name)


def test_a_number_in_the_name_of_a_notebook_is_rather_a_date(tmp_path: Path) -> None:
    # It tells only where nothing else does.
    submit(tmp_path, {"6 Feb.ipynb": cells(3), "Multiprocessing.ipynb": cells(5, 6)})
    assert taken(tmp_path) == "Multiprocessing.ipynb"
    assert taken(tmp_path, "q3") == "6 Feb.ipynb"
    bare = cells(a=FOUR)
    submit(tmp_path, {"Multiprocessing.ipynb": bare, "3 Feb.ipynb": bare, "6 Feb.ipynb": bare})
    assert taken(tmp_path) == "6 Feb.ipynb"


# Better names first, with the better one older.
BETTER = [
    ("q6.py", "question6.py"),
    ("Q6.py", "q6_final.py"),
    ("q6.ipynb", "q6_solution.py"),
    ("q6 (1).py", "alice_q6.py"),
    ("alice_q6.py", "q3_q6.py"),
    ("q3_q6.py", "6_four.py"),
    ("q6 (1).py", "q6_old.py"),
    ("question6_new.py", "question6_backup.py"),
    ("question6.ipynb", "question6.py"),
    ("6_four.py", "Multiprocessing.ipynb"),
    ("question6.py", "assignment.ipynb"),
    ("q6.py", "Multiprocessing.ipynb"),
    ("q6.py", "all.py"),
    ("all.py", "main.py"),
    ("Multiprocessing.ipynb", "Question 3.ipynb"),
    ("Multiprocessing.ipynb", "main.py"),
    ("Multiprocessing.ipynb", "Multiprocessing.py"),
    ("all.py", "deep/q6.py"),
    ("deep/q6.py", "main.py"),
    ("deep/all.py", "main.py"),
    ("one/q6.py", "deep/er/q6.py"),
]


def _source(name: str) -> str:
    if name.endswith(".ipynb"):
        return cells(3, 6)
    return ALL if Path(name).stem in ("all", "Multiprocessing") else RUNS


@pytest.mark.parametrize(("better", "other"), BETTER)
def test_what_is_more_credible_comes_first_however_old_it_is(
    tmp_path: Path, better: str, other: str
) -> None:
    submit(tmp_path, {better: _source(better), other: _source(other)})
    changed(tmp_path / other, 1000)
    assert taken(tmp_path) == better
    # And the other one is not passed over for want of being seen.
    (tmp_path / better).unlink()
    assert taken(tmp_path) == other


@pytest.mark.parametrize(("better", "other"), [pair for pair in BETTER if "deep" not in str(pair)])
def test_a_blank_skeleton_hides_no_answer(tmp_path: Path, better: str, other: str) -> None:
    blank = written(md("## Q6."), code("# TODO"))
    submit(tmp_path, {better: blank if ".ipynb" in better else EMPTY, other: _source(other)})
    assert taken(tmp_path) == other


# -- several of the same name --------------------------------------------------------------

SAME = [
    ("q6.py", "q6.ipynb"),
    ("q6.py", "assignment.ipynb"),
    ("q6.py", "q6 (1).py"),
    ("q6.py", "q6-Copy1.py"),
    ("question6.py", "alice_task_6.py"),
    ("Multiprocessing.ipynb", "Multiprocessing-Copy1.ipynb"),
    ("first.ipynb", "second.ipynb"),
    ("all.py", "notes.ipynb"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_of_what_is_equally_credible_the_one_changed_last_is_taken(
    tmp_path: Path, one: str, other: str
) -> None:
    submit(tmp_path, {one: _source(one), other: _source(other)})
    for last, first in ((one, other), (other, one)):
        changed(tmp_path / first, 0)
        changed(tmp_path / last, 3)
        assert taken(tmp_path) == last


def test_times_of_one_moment_tell_nothing_then_it_is_the_last_copy(tmp_path: Path) -> None:
    names = [
        "q6 (10).py",
        "q6 (3).py",
        "q6 (2).py",
        "q6-Copy1.py",
        "q6.py",
        "q6.ipynb",
        "assignment.ipynb",
    ]
    submit(tmp_path, {name: _source(name) for name in names})
    for delay, name in enumerate(names):
        changed(tmp_path / name, delay * 0.3)
    (tmp_path / "assignment.ipynb").write_text(cells(3, 5, 6))
    changed(tmp_path / "assignment.ipynb", 2)
    for last in names:
        assert taken(tmp_path) == last
        (tmp_path / last).unlink()


def test_with_no_other_difference_it_is_the_one_with_the_most_answers(tmp_path: Path) -> None:
    more, fewer = cells(3, 5, 6), cells(6) + " " * 5000
    submit(tmp_path, {"b.ipynb": more, "a.ipynb": fewer, "c-Copy1.ipynb": fewer})
    assert taken(tmp_path) == "b.ipynb"


def test_then_the_largest_then_the_first_by_name(tmp_path: Path) -> None:
    submit(tmp_path, {"b_q6.py": RUNS, "a_q6.py": RUNS, "c_q6.py": RUNS * 2})
    assert taken(tmp_path) == "c_q6.py"
    (tmp_path / "c_q6.py").unlink()
    assert taken(tmp_path) == "a_q6.py"


@pytest.mark.parametrize(
    ("name", "module"),
    [("question6.py", "q6_helper"), ("q3_q6.py", "q5_q6"), ("main_6.py", "helper_6")],
)
def test_what_another_one_imports_is_not_the_answer(
    tmp_path: Path, name: str, module: str
) -> None:
    submit(tmp_path, {name: f"from {module} import work\nwork()\n", f"{module}.py": RUNS})
    changed(tmp_path / f"{module}.py", 1000)
    assert taken(tmp_path) == name


def test_a_notebook_is_no_module(tmp_path: Path) -> None:
    submit(tmp_path, {"mine.ipynb": cells(6), "main.py": f"import mine\n{ALL}"})
    changed(tmp_path / "mine.ipynb", 1000)
    assert taken(tmp_path) == "mine.ipynb"


def test_the_kits_notebook_for_all_counts_beside_a_program_only_with_the_answer(
    tmp_path: Path,
) -> None:
    submit(tmp_path, {"q6.py": RUNS, "assignment.ipynb": cells(3, a=FOUR)})
    changed(tmp_path / "assignment.ipynb", 1000)
    assert taken(tmp_path) == "q6.py"


# -- several answers in one file -----------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Assignment 3.ipynb", "15 Feb.ipynb", "multiprocessing.py", "Exercise 1.ipynb"]
)
def test_a_file_of_several_answers_is_taken_for_each_whatever_its_name(
    tmp_path: Path, name: str
) -> None:
    source = cells(3, 5, 6) if name.endswith(".ipynb") else ALL
    submit(tmp_path, {name: source, "helper.py": RUNS, "utils.py": RUNS})
    for id_ in ("q3", "q5", "q6"):
        assert load(tmp_path, id_) == Assignment(tmp_path / name)


def test_of_several_it_is_the_one_that_says_it_has_the_answer(tmp_path: Path) -> None:
    submit(
        tmp_path,
        {"part 1.ipynb": cells(3), "part 2.ipynb": cells(6), "part 3.py": TWO},
    )
    changed(tmp_path / "part 1.ipynb", 1000)
    assert taken(tmp_path, "q3") == "part 1.ipynb"
    assert taken(tmp_path, "q5") == "part 3.py"
    assert taken(tmp_path, "q6") == "part 2.ipynb"


def test_a_heading_without_code_is_not_to_have_the_answer(tmp_path: Path) -> None:
    heading = written(md("## Q3."), code(ONE), md("## Q6."), md("I do not know."))
    submit(tmp_path, {"new.ipynb": heading, "older.ipynb": cells(6)})
    changed(tmp_path / "new.ipynb", 1000)
    assert taken(tmp_path) == "older.ipynb"


def test_a_name_such_as_the_kits_is_believed(tmp_path: Path) -> None:
    # Such a file is run as a whole, whatever stands in it.
    submit(tmp_path, {"q3.py": ALL})
    assert taken(tmp_path) is None
    submit(tmp_path, {"question 3.py": ALL})
    assert taken(tmp_path) == "question 3.py"


def test_code_in_markdown_is_code(tmp_path: Path) -> None:
    submit(tmp_path, {"q6.ipynb": written(md(f"## Q6.\n```python\n{FOUR}```")), "main.py": RUNS})
    assert taken(tmp_path) == "q6.ipynb"


def test_a_notebook_for_one_and_programs_for_the_rest(tmp_path: Path) -> None:
    submit(tmp_path, {"notebook.ipynb": cells(3), "q5.py": RUNS, "q6.py": RUNS})
    assert [taken(tmp_path, id_) for id_ in ("q3", "q5", "q6")] == [
        *("notebook.ipynb", "q5.py", "q6.py")
    ]


def test_one_that_does_not_say_so_is_taken_where_no_other_does(tmp_path: Path) -> None:
    submit(tmp_path, {"Multiprocessing.ipynb": cells(3, a=FOUR), "main.py": RUNS})
    assert taken(tmp_path) == "Multiprocessing.ipynb"
    submit(tmp_path, {"src/q6.py": RUNS})
    assert taken(tmp_path) == "src/q6.py"


def test_a_notebook_in_words_alone_hides_no_program(tmp_path: Path) -> None:
    words = written(md("## Q1.\nIt runs processes."))
    submit(tmp_path, {"theory.ipynb": words, "main.py": RUNS})
    assert taken(tmp_path) == "main.py"
    (tmp_path / "main.py").unlink()
    assert taken(tmp_path) == "theory.ipynb"


@pytest.mark.parametrize("better", ["q6.ipynb", "Multiprocessing.ipynb", "question6.ipynb"])
@pytest.mark.parametrize("other", ["q6_final.py", "other.ipynb", "all.py", "main.py"])
def test_a_broken_notebook_hides_no_readable_answer(
    tmp_path: Path, better: str, other: str
) -> None:
    submit(tmp_path, {better: "{", other: _source(other)})
    changed(tmp_path / better, 1000)
    assert taken(tmp_path) == other
    (tmp_path / other).unlink()
    assert load(tmp_path, "q6") == Assignment(tmp_path / better)


# -- the only program ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["main.py", "multiprocessing.py", "test.py", "assignment 3.py"])
def test_the_only_program_is_taken_for_whatever_is_asked(tmp_path: Path, name: str) -> None:
    submit(tmp_path, {name: RUNS, "notes.txt": "", "data.csv": ""})
    assert load(tmp_path, "q3") == load(tmp_path, "q6") == Program(tmp_path / name)


IMPORTS = [
    *("import helper", "import os, helper as h", "from helper import work", "import helper.deep"),
    *("from . import helper", "from src import helper", "from src.helper import work"),
    *(
        "from .helper import (\n    work,\n)",
        "    import helper",
        "try:\n  import helper\nfinally: 0",
    ),
]


@pytest.mark.parametrize("line", IMPORTS)
def test_modules_that_it_imports_are_no_programs(tmp_path: Path, line: str) -> None:
    submit(tmp_path, {"main.py": f"{line}\n{RUNS}", "helper.py": RUNS})
    assert taken(tmp_path) == "main.py"


@pytest.mark.parametrize("line", ["import helpers", "# import helper", "from os import helper"])
def test_other_modules_are(tmp_path: Path, line: str) -> None:
    submit(tmp_path, {"main.py": f"{line}\n{RUNS}", "helper.py": RUNS})
    assert taken(tmp_path) is None


def test_what_two_import_of_each_other_is_not_told_apart(tmp_path: Path) -> None:
    submit(tmp_path, {"one.py": "import one, two\n", "two.py": "import two, one\nprint(1)\n"})
    assert taken(tmp_path) is None
    submit(tmp_path, {"one.py": "import one\nprint(1)\n", "two.py": EMPTY})
    assert taken(tmp_path) == "one.py"


@pytest.mark.parametrize(
    "name", ["test_main.py", "Main_test.py", "conftest.py", "setup.py", "__init__.py"]
)
def test_tests_and_what_sets_up_a_package_are_no_programs(tmp_path: Path, name: str) -> None:
    submit(tmp_path, {name: RUNS})
    assert taken(tmp_path) is None
    submit(tmp_path, {"main.py": RUNS})
    assert taken(tmp_path) == "main.py"


def test_what_a_notebook_imports_is_no_answer_even_if_it_looks_like_several(
    tmp_path: Path,
) -> None:
    submit(tmp_path, {"mine.ipynb": cells(3, 6, a="from worker import work"), "worker.py": ALL})
    changed(tmp_path / "worker.py", 1000)
    assert taken(tmp_path) == "mine.ipynb"


@pytest.mark.parametrize("other", ["more.py", "q3.py", "below/more.py", "Task 5.py"])
def test_of_two_programs_neither_is_the_only_one(tmp_path: Path, other: str) -> None:
    submit(tmp_path, {"main.py": RUNS, other: RUNS})
    assert taken(tmp_path) is None
    (tmp_path / other).write_text(EMPTY)
    assert taken(tmp_path) == "main.py"


# -- folders below -------------------------------------------------------------------------


def test_folders_below_are_looked_into_where_there_is_nothing_above(tmp_path: Path) -> None:
    deep = "alice/assignment/src/kit"
    submit(
        tmp_path,
        {"q6.py": EMPTY, "README.md": "", f"{deep}/q6.py": RUNS, f"{deep}/helper.py": RUNS},
    )
    assert load(tmp_path, "q6") == Program(tmp_path / deep / "q6.py")
    submit(tmp_path, {"alice/Question 6.py": RUNS})
    assert taken(tmp_path) == "alice/Question 6.py"


def test_but_no_deeper_than_anybody_hands_in(tmp_path: Path) -> None:
    submit(tmp_path, {"1/2/3/4/5/q6.py": RUNS})
    assert taken(tmp_path) is None


JUNK = [
    *(".ipynb_checkpoints", "__pycache__", "__MACOSX", ".git", ".venv", "venv", "env"),
    *("node_modules", "kit.egg-info", "x/.hidden", "venv/lib/site-packages/kit"),
]


@pytest.mark.parametrize("place", JUNK)
def test_what_nobody_hands_in_is_not_looked_into(tmp_path: Path, place: str) -> None:
    submit(tmp_path, {f"{place}/q6.py": RUNS, "._q6.py": RUNS})
    assert load(tmp_path, "q6") == Missing(f"There is no q6.py in {tmp_path}.")


def test_an_environment_of_any_name_is_not_looked_into(tmp_path: Path) -> None:
    submit(tmp_path, {"mine/pyvenv.cfg": "", "mine/lib/q6.py": RUNS})
    assert taken(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="links need privileges there")
def test_no_link_leads_out_of_the_folder(tmp_path: Path) -> None:
    submit(tmp_path, {"away/q6.py": RUNS, "away/all.ipynb": cells(6), "here/notes.txt": ""})
    here = tmp_path / "here"
    (here / "below").symlink_to(tmp_path / "away")
    assert taken(here) is None
    for name, target in (("main.py", "q6.py"), ("mine.ipynb", "all.ipynb")):
        (here / name).symlink_to(tmp_path / "away" / target)
        answer = load(here, "q6")
        assert isinstance(answer, Missing)
        assert answer.why.startswith(f"{here / name} is a link that leads out of its folder")
        (here / name).unlink()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_below_that_may_not_be_read_is_passed_over(tmp_path: Path) -> None:
    submit(tmp_path, {"closed/q6.py": RUNS, "main.py": RUNS})
    (tmp_path / "closed").chmod(0)
    assert taken(tmp_path) == "main.py"


def test_a_folder_that_may_not_be_read_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_path: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(NotAProgramError, match="cannot be read: Permission denied"):
        load(tmp_path, "q6")


# -- nothing -------------------------------------------------------------------------------


def _why(place: Path) -> str:
    answer = load(place, "q6")
    assert isinstance(answer, Missing)
    return answer.why


def test_where_nothing_is_found_it_is_said_what_was_seen(tmp_path: Path) -> None:
    submit(tmp_path, {"report.pdf": "", "notes.txt": "", "src/q3.py": RUNS, ".hidden": ""})
    assert _why(tmp_path) == (
        f"There is no q6.py in {tmp_path}; found: notes.txt, report.pdf, src/q3.py."
    )


def test_of_many_a_few_are_named_in_one_line(tmp_path: Path) -> None:
    names = ["a" * 200, "b\nb", *(f"{n:04}.dat" for n in range(2, 2000))]
    submit(tmp_path, dict.fromkeys(names, ""))
    said = _why(tmp_path).removeprefix(f"There is no q6.py in {tmp_path}; found: ")
    assert said == "0002.dat, 0003.dat, 0004.dat, 0005.dat, 0006.dat and 1,995 more."
    for name in names[2:]:
        (tmp_path / name).unlink()
    assert _why(tmp_path).endswith(f"; found: {'a' * 37}..., b b.")


@pytest.mark.parametrize("name", ["q6.txt", "q6.py.txt", "Question 6.TXT", "Q6"])
def test_a_program_with_the_ending_of_a_text_is_absent_and_said_how_to_mend(
    tmp_path: Path, name: str
) -> None:
    submit(tmp_path, {name: ALL, "other.pdf": ""})
    assert _why(tmp_path).endswith(f" If {name} is the program, call it q6.py.")


def test_who_cannot_tell_programs_apart_says_how_to(tmp_path: Path) -> None:
    submit(tmp_path, {"four.py": RUNS, "pool.py": RUNS, "q6.pdf": ""})
    assert _why(tmp_path).endswith(
        "found: four.py, pool.py, q6.pdf. Call the program that answers it q6.py."
    )


# -- speed, and the kit's own folder -------------------------------------------------------


def test_too_large_a_program_is_told_of_if_it_is_the_only_one(tmp_path: Path) -> None:
    submit(tmp_path, {"main.py": "#" * (LARGEST_SOURCE + 1)})
    assert "main.py is larger than 256 KiB" in _why(tmp_path)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files whose content is read meanwhile."""
    read: list[Path] = []

    def noted(path: Path, at_most: int) -> bytes:
        read.append(path)
        return content(path, at_most)

    for module in ("answer", "folder", "script", "notebook"):
        monkeypatch.setattr(f"grader.load.{module}.content", noted)
    return read


def test_with_q6_there_nothing_else_is_read(tmp_path: Path, read: list[Path]) -> None:
    others = ["Q3.py", "assignment.ipynb", "q6.ipynb", "q6_old.py", "all.py", "x.ipynb", "a/b.py"]
    submit(tmp_path, {"q6.py": RUNS, **dict.fromkeys(others, "{")})
    assert taken(tmp_path) == "q6.py"
    assert read == [tmp_path / "q6.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need privileges there")
def test_what_a_link_leads_to_is_not_read(tmp_path: Path, read: list[Path]) -> None:
    submit(tmp_path, {"away/one.py": RUNS, "away/all.ipynb": cells(6), "here/notes.txt": ""})
    (tmp_path / "here" / "main.py").symlink_to(tmp_path / "away" / "one.py")
    (tmp_path / "here" / "mine.ipynb").symlink_to(tmp_path / "away" / "all.ipynb")
    assert taken(tmp_path / "here") is None
    assert read == []


def test_of_a_great_many_files_only_so_many_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_MOST_ENTRIES", 2)
    submit(tmp_path, {f"{place}/Question 6.py": RUNS for place in ("a", "b")})
    assert taken(tmp_path) is None
    monkeypatch.setattr(folder, "_MOST_ENTRIES", 3)
    assert taken(tmp_path) == "a/Question 6.py"
    monkeypatch.setattr(folder, "_MOST_ENTRIES", 0)
    submit(tmp_path, {"Question 6.py": RUNS})
    assert taken(tmp_path) is None
    submit(tmp_path, {"q6.py": RUNS})
    assert taken(tmp_path) == "q6.py"


def test_of_many_programs_only_the_names_count(tmp_path: Path) -> None:
    many = {f"part-{chr(97 + n // 26)}{chr(97 + n % 26)}.py": EMPTY for n in range(51)}
    submit(tmp_path, {**many, "all.py": ALL})
    assert taken(tmp_path) is None
    submit(tmp_path, {"Question 6.py": RUNS})
    assert taken(tmp_path) == "Question 6.py"
    (tmp_path / "Question 6.py").unlink()
    for name in [*many][:2]:
        (tmp_path / name).unlink()
    assert taken(tmp_path) == "all.py"


def test_the_kits_own_folder_gives_the_one_that_has_an_answer(tmp_path: Path) -> None:
    for file in (ROOT / "exercises").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
        changed(tmp_path / file.name, 0)
    changed(tmp_path / "q6.ipynb", 5)
    assert _why(tmp_path).startswith(f"{tmp_path / 'q6.py'} has no code of yours yet.")
    for seconds, name in enumerate(("q6.py", "assignment.ipynb", "q6.ipynb"), start=1):
        file = tmp_path / name
        if name == "q6.py":
            file.write_text(RUNS)
        else:
            notebook = nbformat.read(file, as_version=4)
            for cell in notebook.cells:
                if (
                    cell.metadata.get("grader", {}).get("exercise") == "q6"
                    and cell.cell_type == "code"
                ):
                    cell.source = FOUR
            nbformat.write(notebook, file)
        changed(file, 10 * seconds)
        assert taken(tmp_path) == name
        assert taken(tmp_path, "q3") is None

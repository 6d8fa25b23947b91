"""The notebooks hold the questions and no answer, and run in Jupyter as they are."""

import json
import multiprocessing
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader import verify as verifying
from grader.checks import exercise, exercise_ids
from grader.handout import ANSWER_HERE, notebook
from grader.load.headings import QUESTIONS
from grader.skeleton import ASSIGNMENT, TODO, skeleton, skeletons, solved, write_skeletons
from tests.conftest import ROOT

SOLUTIONS = ROOT / "solutions"
PROSE = {each.id for each in QUESTIONS} - set(exercise_ids())
NOTEBOOKS = [*(f"{id_}.ipynb" for id_ in exercise_ids()), ASSIGNMENT]

PROGRAM = '''"""Q7. Do
something.

Wanted: what is
described.

Checked:
    ran_clean  it ran
    joined     it waited

How to run the grader:
    grade q7
"""

# TODO
x = 1
'''


@cache
def _texts() -> dict[str, dict[str, str]]:
    """The text of each file, as handed out and as solved."""
    return {make.__name__: dict(skeletons(SOLUTIONS, make)) for make in (skeleton, solved)}


def _read(text: str) -> Any:
    return nbformat.reads(text, as_version=4)


def _cells(text: str) -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = json.loads(text)["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in cells]


# -- from a program to its cells -----------------------------------------------------------


def test_a_docstring_becomes_markdown_and_the_rest_one_code_cell() -> None:
    words, answer = _cells(notebook("mine.ipynb", {"q7": PROGRAM}, {}))
    assert (words["cell_type"], answer["cell_type"]) == ("markdown", "code")
    assert words["source"] == (
        "## Q7. Do something.\n"
        "\n"
        "Wanted: what is\n"
        "described.\n"
        "\n"
        "Checked:\n"
        "- `ran_clean`: it ran\n"
        "- `joined`: it waited\n"
        "\n"
        "How to run the grader, in a terminal in this folder, once the notebook is saved:\n"
        "\n"
        "```sh\n"
        "grade q7 mine.ipynb\n"
        "```"
    )
    assert answer["source"] == "# TODO\nx = 1"


@pytest.mark.parametrize("program", ["", "x = 1\n", "#!/bin/sh\n# %time\n", "x =\n"])
def test_a_program_without_a_docstring_is_named_by_its_id(program: str) -> None:
    words, answer = _cells(notebook("mine.ipynb", {"q7": program}, {}))
    assert words["source"].startswith("## Q7\n\nHow to run the grader")
    assert answer["source"] == program.rstrip("\n")


def test_questions_come_by_their_numbers() -> None:
    text = notebook("a.ipynb", {"q10": PROGRAM, "q3": PROGRAM}, {"q9": "Why?", "q1": "What?"})
    asked = [cell["metadata"]["grader"]["exercise"] for cell in _cells(text)[::2]]
    assert asked == ["q1", "q3", "q9", "q10"]


def test_a_question_in_prose_is_answered_in_markdown() -> None:
    words, answer = _cells(notebook("a.ipynb", {}, {"q1": "What is it?"}))
    assert (words["cell_type"], words["source"]) == ("markdown", "## Q1. What is it?")
    assert (answer["cell_type"], answer["source"]) == ("markdown", ANSWER_HERE)


# -- those of the repository ---------------------------------------------------------------


def test_a_notebook_holds_one_question_and_the_assignment_all() -> None:
    asked = {
        name: [cell["metadata"]["grader"]["exercise"] for cell in _cells(text)[::2]]
        for name, text in _texts()["skeleton"].items()
        if name.endswith(".ipynb")
    }
    assert asked == {
        **{f"{id_}.ipynb": [id_] for id_ in exercise_ids()},
        ASSIGNMENT: sorted({*exercise_ids(), *PROSE}, key=lambda id_: int(id_[1:])),
    }


@pytest.mark.parametrize("made", ["skeleton", "solved"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_valid_and_says_nothing_of_who_made_it(name: str, made: str) -> None:
    text = _texts()[made][name]
    read = _read(text)
    nbformat.validate(read)
    assert (read.nbformat, read.nbformat_minor) == (4, 5)
    assert read.metadata == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    assert text.endswith("\n}\n")


@pytest.mark.parametrize("made", ["skeleton", "solved"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_cell_names_its_question(name: str, made: str) -> None:
    cells = _cells(_texts()[made][name])
    for part, each in (("question", cells[::2]), ("answer", cells[1::2])):
        for cell in each:
            id_ = cell["id"].removesuffix(f"-{part}")
            assert cell["metadata"] == {"grader": {"exercise": id_}, "tags": [id_]}
            kind = "markdown" if part == "question" or id_ in PROSE else "code"
            assert cell["cell_type"] == kind
            assert (cell.get("outputs"), cell.get("execution_count")) in ((None, None), ([], None))
    assert len({cell["id"] for cell in cells}) == len(cells)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_programming_question_lists_its_checks_and_how_to_grade(name: str) -> None:
    words = {cell["id"]: cell["source"] for cell in _cells(_texts()["skeleton"][name])}
    asked = [id_ for id_ in exercise_ids() if f"{id_}-question" in words]
    assert asked
    for id_ in asked:
        text = words[f"{id_}-question"]
        assert text.startswith(f"## {id_.upper()}. ")
        assert "\nWanted: " in text
        assert re.findall(r"^- `(\w+)`: \S", text, re.MULTILINE) == [
            check.id for check in exercise(id_).checks
        ]
        assert f"\ngrade {id_} {name}\n" in text


@pytest.mark.parametrize("made", ["skeleton", "solved"])
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_code_is_the_programs_without_its_docstring(name: str, made: str) -> None:
    texts = _texts()[made]
    for cell in _cells(texts[name]):
        if cell["cell_type"] == "code":
            program = texts[f"{cell['metadata']['grader']['exercise']}.py"]
            assert cell["source"] == program.partition('"""\n\n')[2].removesuffix("\n")
            assert (TODO in cell["source"]) == (made == "skeleton")


@pytest.mark.parametrize("id_", exercise_ids())
def test_no_line_of_an_answer_is_in_any_notebook(id_: str) -> None:
    solution = (SOLUTIONS / f"{id_}.py").read_text(encoding="utf-8")
    marked = re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", solution, re.DOTALL)
    answer = {line.strip() for part in marked for line in part.split("\n")} - {""}
    assert answer
    for name in NOTEBOOKS:
        given = (ROOT / "exercises" / name).read_text(encoding="utf-8")
        lines = {line.strip() for cell in _cells(given) for line in cell["source"].split("\n")}
        assert not answer & lines
        assert "SOLUTION" not in given


def test_notebooks_are_made_alike_in_another_process() -> None:
    program = (
        "import pathlib, sys; from grader.skeleton import skeletons; "
        "sys.stdout.reconfigure(encoding='utf-8', newline='\\n'); "
        "print(dict(skeletons(pathlib.Path('solutions'))), end='')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == str(_texts()["skeleton"])


def test_verify_finds_each_notebook_that_is_not_what_the_solutions_make(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(SOLUTIONS, tmp_path / "solutions")
    exercises = tmp_path / "exercises"
    write_skeletons(tmp_path / "solutions", exercises)
    (exercises / "q3.ipynb").unlink()
    (exercises / "q8.ipynb").write_text("")
    with (exercises / ASSIGNMENT).open("a") as file:
        file.write("\n")
    (exercises / ".ipynb_checkpoints").mkdir()  # where JupyterLab keeps copies
    monkeypatch.setattr(verifying, "_solutions", lambda _root: ())  # grading is not the matter
    found = {
        Path(each.file).name: (each.rule, each.remedy)
        for each in verifying.verify(tmp_path).violations
        if Path(each.file).parent == exercises
    }
    other = ("an exercise is what is made from its solution", "run: grade handout")
    stray = ("nothing stray lies among the exercises", "remove it")
    assert found == {"q3.ipynb": other, "q8.ipynb": stray, ASSIGNMENT: other}


# -- in Jupyter ----------------------------------------------------------------------------


def _printed(text: str, folder: Path) -> str:
    """Run a notebook, and give what its cells printed. Raises at the first cell that fails."""
    from nbclient import NotebookClient

    read = _read(text)
    NotebookClient(
        read, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    outputs = [output for cell in read.cells for output in cell.get("outputs", ())]
    assert {output.output_type for output in outputs} <= {"stream"}
    return "".join(output.text for output in outputs)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_as_it_is_and_does_nothing(name: str, tmp_path: Path) -> None:
    assert _printed(_texts()["skeleton"][name], tmp_path) == ""


@pytest.mark.skipif(
    multiprocessing.get_all_start_methods()[0] != "fork",
    reason="other children than forked ones do not find what a notebook defines",
)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_solved_notebook_runs(name: str, tmp_path: Path) -> None:
    printed = _printed(_texts()["solved"][name], tmp_path)
    # What children print may come too late for Jupyter to show; this the main program prints.
    squares = str([number * number for number in range(10)])
    assert (squares in printed) == (name in ("q5.ipynb", ASSIGNMENT)), printed

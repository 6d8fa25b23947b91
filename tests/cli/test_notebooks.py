"""`grade` on notebooks, as a learner runs it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.report.as_json import schema
from tests.conftest import ROOT

SIX = """import multiprocessing
def show(number):
    print("number", number)
processes = [multiprocessing.Process(target=show, args=(n,)) for n in range(4)]
for process in processes: process.start()
for process in processes: process.join()"""

CELLS = [
    new_markdown_cell("# Q1. What is multiprocessing in Python? Why is it useful?"),
    new_markdown_cell("Several processes work at the same time, each on a CPU of its own."),
    new_markdown_cell("# Q6"),
    new_code_cell(SIX),
]


def _grade(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def _write(path: Path, cells: list[Any]) -> None:
    nbformat.write(new_notebook(cells=cells), path)


def _document(done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    import jsonschema

    document: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(document, schema())
    return {each["id"]: each for each in document["exercises"]}


def test_the_report_says_which_cells_were_taken_and_why(tmp_path: Path) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    done = _grade("q6", "mine.ipynb", "--no-portable", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert 'Taken for the answer: cell 4, since cell 4 stands under "Q6" (cell 3).' in done.stdout
    assert "q6 passed with 10 of 10 points" in done.stdout


def test_all_questions_are_in_the_json_and_words_are_left_to_a_person(tmp_path: Path) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    done = _grade("all", "mine.ipynb", "--no-portable", "--format", "json", cwd=tmp_path)
    found = _document(done)
    assert {id_: each["status"] for id_, each in found.items()} == {
        "q1": "manual",
        "q2": "absent",
        "q3": "absent",
        "q4": "absent",
        "q5": "absent",
        "q6": "passed",
    }
    assert found["q6"]["answer"]["cells"] == [3]
    assert found["q6"]["trace"]["cells"][0]["index"] == 3
    assert (found["q1"]["max_points"], found["q1"]["answer"]["cells"]) == (0, [1])
    assert "Several processes work" in found["q1"]["note"]
    assert done.returncode == 1  # since some are absent


def test_words_to_be_marked_by_a_person_do_not_count_against_the_rest(tmp_path: Path) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    assert _grade("q1", "q6", "mine.ipynb", "--no-portable", cwd=tmp_path).returncode == 0


def test_why_other_start_methods_cannot_work_is_one_plain_sentence(tmp_path: Path) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    done = _grade("q6", "mine.ipynb", "--format", "json", cwd=tmp_path)
    portable = _document(done)["q6"]["checks"][-1]
    assert (portable["id"], portable["status"]) == ("portable", "advice")
    assert "cannot find those that are defined in a notebook" in portable["message"]
    assert "Put them in a .py file beside it" in portable["message"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 5}'])
def test_a_broken_notebook_is_a_finding_of_one_line(tmp_path: Path, content: str) -> None:
    (tmp_path / "mine.ipynb").write_text(content, encoding="utf-8")
    done = _grade("q1", "q6", "mine.ipynb", "--format", "json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    for each in _document(done).values():
        assert each["status"] == "absent"
        assert each["note"].startswith("mine.ipynb ")
        assert "\n" not in each["note"]


def test_the_executed_notebook_is_kept_where_it_is_asked_for(tmp_path: Path) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    before = (tmp_path / "mine.ipynb").read_bytes()
    done = _grade("q6", "mine.ipynb", "--executed", "out.ipynb", "--no-portable", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    written = nbformat.read(tmp_path / "out.ipynb", as_version=4)
    printed = sorted(output.text for output in written.cells[3].outputs)
    assert printed == [f"number {n}\n" for n in range(4)]
    assert (tmp_path / "mine.ipynb").read_bytes() == before


MISTAKES = {
    ("q6", "answer.py", "--executed", "out.ipynb"): "--executed needs a notebook",
    ("q6", "mine.ipynb", "--executed", "out.txt"): "name a file that ends in .ipynb",
    ("q6", "mine.ipynb", "--executed", "nowhere/out.ipynb"): "in a folder that there is",
    ("q1", "answer.py"): "q1 is answered in words, which answer.py does not hold",
    ("trace", "mine.ipynb"): "mine.ipynb is a notebook: its picture comes with grade all",
}


@pytest.mark.parametrize("arguments", MISTAKES)
def test_a_users_mistake_gets_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    _write(tmp_path / "mine.ipynb", CELLS)
    (tmp_path / "answer.py").write_text("print(1)")
    done = _grade(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert MISTAKES[arguments] in line


def test_of_the_exercises_the_one_with_an_answer_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "exercises"
    folder.mkdir()
    for name in ("q6.py", "q6.ipynb", "assignment.ipynb"):
        (folder / name).write_bytes((ROOT / "exercises" / name).read_bytes())
    assert _document(_grade("q6", "--format", "json", cwd=tmp_path))["q6"]["status"] == "absent"
    notebook = nbformat.read(folder / "q6.ipynb", as_version=4)
    notebook.cells[-1].source = SIX
    nbformat.write(notebook, folder / "q6.ipynb")
    done = _grade("q6", "--no-portable", "--format", "json", cwd=tmp_path)
    assert _document(done)["q6"]["status"] == "passed"
    assert json.loads(done.stdout)["submission"] == "exercises/q6.ipynb"

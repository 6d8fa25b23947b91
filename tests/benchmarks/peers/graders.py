"""The peers: how each is told what to mark, and how it is run."""

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import nbformat
from msgspec import Struct

from tests.benchmarks.classes import Class


class Desk(Struct, frozen=True):
    """Where a peer works: an empty folder, its commands, and what it is to grade."""

    folder: Path
    commands: Path
    class_: Class
    at_a_time: int


class Command(Struct, frozen=True):
    """A command, and the folder in which it is run."""

    words: list[str]
    folder: Path


class Work(Struct, frozen=True, kw_only=True):
    """What a peer does: `commands`, several at a time, are measured; `before` and `after` are
    not. `passed` says how many submissions got all points.
    """

    commands: tuple[Command, ...]
    passed: Callable[[], int]
    before: tuple[Command, ...] = ()
    after: tuple[Command, ...] = ()


class Peer(Struct, frozen=True):
    """A grader, what is to be installed for it, the first its own, and how it is used."""

    name: str
    packages: tuple[str, ...]
    prepare: Callable[[Desk], Work]
    note: str = ""


COUNT = """
import re
import subprocess
import sys

def digits(program="q6.py"):
    ran = subprocess.run(
        [sys.executable, program],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=20,
        check=True,
    )
    return len(re.findall(r"\\d", ran.stdout))
"""
"""How those look at a program that have no way of their own to run one. Digits are counted: right
answers may print to either stream, and with nothing between two numbers.
"""


def pytest_suite(desk: Desk) -> Work:
    """One suite, a test for each submission (pytest-xdist.readthedocs.io, "Running tests across
    multiple CPUs").
    """
    paths = [str(program) for program in desk.class_.programs]
    test = f"""
import pytest

@pytest.mark.parametrize("program", {paths!r})
def test_four_numbers(program):
    assert digits(program) >= 4
"""
    (desk.folder / "test_q6.py").write_text(COUNT + test)
    report = desk.folder / "report.xml"
    words = ["pytest", "-q", "-n", str(desk.at_a_time), f"--junitxml={report}", "test_q6.py"]

    def passed() -> int:
        cases = ET.parse(report).getroot().iter("testcase")
        return sum(len(case) == 0 for case in cases)

    return Work(commands=(Command(words, desk.folder),), passed=passed)


def gradescope(desk: Desk) -> Work:
    """run_tests.py beside each submission, which writes results.json for the site
    (github.com/gradescope/gradescope-utils, README).
    """
    test = """
import unittest
from gradescope_utils.autograder_utils.decorators import weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

class TestQ6(unittest.TestCase):
    @weight(10)
    def test_four_numbers(self):
        self.assertGreaterEqual(digits(), 4)

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(TestQ6)
    with open("results.json", "w") as results:
        JSONTestRunner(visibility="visible", stream=results).run(suite)
"""
    copies = _copies(desk)
    for copy in copies:
        (copy / "run_tests.py").write_text(COUNT + test)

    def passed() -> int:
        return sum(json.loads((c / "results.json").read_text())["score"] == 10 for c in copies)

    commands = tuple(Command(["python", "run_tests.py"], copy) for copy in copies)
    return Work(commands=commands, passed=passed)


def check50(desk: Desk) -> Work:
    """`check50 --dev` in the folder of each submission, with checks that lie on the disk
    (cs50.readthedocs.io/projects/check50, "Running check50" and "Writing check50 checks").
    """
    checks = desk.folder / "checks"
    checks.mkdir()
    (checks / ".cs50.yaml").write_text(
        'check50:\n  files:\n    - !exclude "*"\n    - !require q6.py\n'
    )
    (checks / "__init__.py").write_text(
        dedent("""
            import re
            import sys
            import check50

            @check50.check()
            def exists():
                "q6.py exists"
                check50.exists("q6.py")

            @check50.check(exists)
            def four_numbers():
                "It prints four numbers"
                printed = check50.run(f"{sys.executable} q6.py").stdout()
                if len(re.findall(r"\\d", printed)) < 4:
                    raise check50.Failure("it does not print four numbers")
        """)
    )
    copies = _copies(desk)
    words = ["check50", "--dev", "-o", "json", "--output-file", "../results.json", str(checks)]

    def passed() -> int:
        results = [json.loads((copy.parent / "results.json").read_text()) for copy in copies]
        return sum(all(each["passed"] for each in found["results"]) for found in results)

    return Work(commands=tuple(Command(words, copy) for copy in copies), passed=passed)


def otter(desk: Desk) -> Work:
    """`otter run` on each submission (otter-grader.readthedocs.io, "Executing Submissions"),
    with an exception-based test.
    """
    tests = desk.folder / "tests"
    tests.mkdir()
    test = """
from otter.test_files import test_case

OK_FORMAT = False
name = "q6"
points = 10

@test_case(points=10)
def test_four_numbers():
    assert digits() >= 4
"""
    (tests / "q6.py").write_text(COUNT + test)
    copies = _copies(desk)
    archive = desk.folder / "autograder.zip"
    generate = Command(["otter", "generate", "-t", "tests", "-o", str(archive)], desk.folder)
    words = ["otter", "run", "-a", str(archive), "-o", "..", "--no-logo", "q6.py"]

    def passed() -> int:
        results = [json.loads((copy.parent / "results.json").read_text()) for copy in copies]
        return sum(any(t.get("score") == 10 for t in found["tests"]) for found in results)

    commands = tuple(Command(words, copy) for copy in copies)
    return Work(before=(generate,), commands=commands, passed=passed)


def nbgrader(desk: Desk) -> Work:
    """`nbgrader autograde` of a whole class (nbgrader.readthedocs.io, "Autograding"), of which
    each submission is a notebook whose one cell writes the program, `%%writefile q6.py`.
    """
    (desk.folder / "nbgrader_config.py").write_text("c = get_config()\n")
    for learner in ("source", *(f"submitted/{p.parent.name}" for p in desk.class_.programs)):
        (desk.folder / learner / "lab").mkdir(parents=True)
    first = desk.class_.programs[0].read_text(encoding="utf-8")
    nbformat.write(_notebook(first), desk.folder / "source" / "lab" / "q6.ipynb")
    for program in desk.class_.programs:
        handed_in = desk.folder / "submitted" / program.parent.name / "lab" / "q6.ipynb"
        nbformat.write(_notebook(program.read_text(encoding="utf-8")), handed_in)

    def passed() -> int:
        rows = (desk.folder / "grades.csv").read_text().splitlines()
        return sum(",10.0,10.0" in row for row in rows)

    return Work(
        before=(Command(["nbgrader", "generate_assignment", "lab"], desk.folder),),
        commands=(Command(["nbgrader", "autograde", "lab"], desk.folder),),
        after=(Command(["nbgrader", "export"], desk.folder),),
        passed=passed,
    )


def _notebook(source: str) -> nbformat.NotebookNode:
    answer = nbformat.v4.new_code_cell(f"%%writefile q6.py\n{source}")
    test = nbformat.v4.new_code_cell(f"{COUNT}\nassert digits() >= 4")
    told = {"schema_version": 3, "task": False}
    answer.metadata["nbgrader"] = {
        **told, "grade": False, "solution": True, "locked": False, "grade_id": "q6",
    }  # fmt: skip
    test.metadata["nbgrader"] = {
        **told, "grade": True, "solution": False, "locked": True, "grade_id": "test", "points": 10,
    }  # fmt: skip
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells, metadata = [answer, test], {"kernelspec": kernel}
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    return notebook


def _copies(desk: Desk) -> list[Path]:
    """Each submission in a folder of its own, for what a grader writes beside it."""
    copies = []
    for program in desk.class_.programs:
        copy = desk.folder / "copies" / program.parent.name / "submission"
        copy.mkdir(parents=True)
        shutil.copy(program, copy)
        copies.append(copy)
    return copies


PEERS = (
    Peer("pytest", ("pytest", "pytest-xdist"), pytest_suite),
    Peer("gradescope-utils", ("gradescope-utils",), gradescope),
    Peer("check50", ("check50",), check50),
    Peer(
        "otter-grader",
        ("otter-grader", "ipykernel"),
        otter,
        "otter-grader: `otter run`, since `otter grade` needs Docker; it runs each program in a "
        "kernel before its tests do so again.",
    ),
    Peer(
        "nbgrader",
        ("nbgrader",),
        nbgrader,
        "nbgrader grades one after the other.",
    ),
)

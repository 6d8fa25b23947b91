"""Building assignments for the tests: notebooks and scripts in one's own words."""

from pathlib import Path
from typing import Any

import nbformat
from nbformat import v4

from grader.load.find import Claim, Found, find
from grader.load.headings import QUESTIONS
from grader.load.notebook import read_notebook
from grader.load.parts import Part
from grader.load.script import read_script

TEXT = {question.id: question.text for question in QUESTIONS}

POOL = """from multiprocessing import Pool

with Pool(2) as pool:
    print(pool.map(abs, [-1]))
"""
FOUR = """import multiprocessing

for n in range(4):
    multiprocessing.Process(target=print, args=(n,)).start()
"""
ONE = """import multiprocessing

one = multiprocessing.Process(target=print)
one.start()
one.join()
"""


def md(source: str, **metadata: Any) -> Any:
    return v4.new_markdown_cell(source, metadata=metadata)


def raw(source: str) -> Any:
    return v4.new_raw_cell(source)


def code(source: str, **metadata: Any) -> Any:
    return v4.new_code_cell(source, metadata=metadata)


def notebook(folder: Path, *cells: Any) -> Path:
    path = folder / "assignment.ipynb"
    nbformat.write(v4.new_notebook(cells=list(cells)), path)
    return path


def parts(folder: Path, *cells: Any) -> tuple[Part, ...]:
    return read_notebook(notebook(folder, *cells))


class Answers:
    """What was found in an assignment, by the cells (from 0) or the source of the parts."""

    def __init__(self, parts: tuple[Part, ...]) -> None:
        self.parts = parts
        self.found: Found = find(parts)

    def claims(self, question: str) -> tuple[Claim, ...]:
        return self.found.claims[question]

    def cells(self, question: str) -> list[list[int]]:
        """The cells of the code of each claim."""
        return [[self.parts[p].cell for p in claim.code] for claim in self.claims(question)]

    def source(self, question: str) -> str:
        """The code of the best claim."""
        return "".join(self.parts[p].source for p in self.claims(question)[0].code)

    @property
    def unclaimed(self) -> list[int]:
        return [self.parts[p].cell for p in self.found.unclaimed]


def answers(folder: Path, *cells: Any) -> Answers:
    return Answers(parts(folder, *cells))


def script(folder: Path, source: str | bytes) -> tuple[Part, ...]:
    path = folder / "assignment.py"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    return read_script(path)

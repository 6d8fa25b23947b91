"""Skeletons: what learners get of the reference solutions, as programs and as notebooks.

A solution marks what the skeleton leaves out with the lines `### BEGIN SOLUTION` and
`### END SOLUTION`, as nbgrader's assignments do.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from grader.checks import exercise_ids
from grader.handout import notebook
from grader.load.headings import QUESTIONS

ASSIGNMENT = "assignment.ipynb"
TODO = "# TODO: your program goes here"

_BEGIN = re.compile(r"\s*### BEGIN SOLUTION\s*")
_END = re.compile(r"\s*### END SOLUTION\s*")


class MarkerError(ValueError):
    """The markers of a solution do not come in pairs."""


def skeleton(solution: str) -> str:
    """The source of the skeleton: each marked part becomes one TODO at its indentation.

    Raises MarkerError, with the number of the line, where a marker lacks its other half.
    """
    kept: list[str] = []
    opened = 0
    for number, line in enumerate(solution.removesuffix("\n").split("\n"), start=1):
        if _BEGIN.fullmatch(line):
            if opened:
                raise MarkerError(f"line {number}: a second BEGIN SOLUTION after line {opened}")
            opened = number
            kept.append(line[: len(line) - len(line.lstrip())] + TODO)
        elif _END.fullmatch(line):
            if not opened:
                raise MarkerError(f"line {number}: an END SOLUTION without its BEGIN")
            opened = 0
        elif not opened:
            kept.append(line)
    if opened:
        raise MarkerError(f"line {opened}: a BEGIN SOLUTION without its END")
    return "\n".join(kept) + "\n"


def solved(solution: str) -> str:
    """The source with its answer, as one might hand it in: without the lines of the markers."""
    lines = solution.split("\n")
    return "\n".join(
        line for line in lines if not (_BEGIN.fullmatch(line) or _END.fullmatch(line))
    )


def skeletons(solutions: Path, make: Callable[[str], str] = skeleton) -> Iterator[tuple[str, str]]:
    """The file name and the text of each program and notebook made from a folder of solutions.

    Each solution gives a program and a notebook of that one question; the notebook
    ASSIGNMENT holds all questions. `make` says how a solution becomes a program. Raises
    MarkerError, naming the file too.
    """
    programs: dict[str, str] = {}
    for solution in sorted(solutions.glob("*.py")):
        try:
            programs[solution.stem] = make(solution.read_text(encoding="utf-8"))
        except MarkerError as error:
            raise MarkerError(f"{solution}: {error}") from error
    for id_, program in programs.items():
        yield f"{id_}.py", program
        yield f"{id_}.ipynb", notebook(f"{id_}.ipynb", {id_: program}, {})
    prose = {each.id: each.text for each in QUESTIONS if each.id not in exercise_ids()}
    yield ASSIGNMENT, notebook(ASSIGNMENT, programs, prose)


def write_skeletons(solutions: Path, target: Path) -> list[Path]:
    """Write all that skeletons() makes into `target`, and say where."""
    made = list(skeletons(solutions))
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in made:
        path = target / name
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written

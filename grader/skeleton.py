"""Skeletons: what learners get of a reference solution.

A solution marks what the skeleton leaves out with the lines `### BEGIN SOLUTION` and
`### END SOLUTION`, as nbgrader's assignments do.
"""

import re
from collections.abc import Iterator
from pathlib import Path

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


def skeletons(solutions: Path) -> Iterator[tuple[str, str]]:
    """The file name and the source of each skeleton made from a folder of solutions.

    Raises MarkerError, naming the file too.
    """
    for solution in sorted(solutions.glob("*.py")):
        try:
            yield solution.name, skeleton(solution.read_text(encoding="utf-8"))
        except MarkerError as error:
            raise MarkerError(f"{solution}: {error}") from error


def write_skeletons(solutions: Path, target: Path) -> list[Path]:
    """Write all skeletons into `target`, and say where."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for name, source in skeletons(solutions):
        path = target / name
        path.write_text(source, encoding="utf-8", newline="\n")
        written.append(path)
    return written

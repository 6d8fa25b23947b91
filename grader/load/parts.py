"""The parts of a submission that holds a whole assignment."""

import re
from typing import Literal

from msgspec import Struct

MOST_CELLS = 1000
"""Cells of a file that are looked at: an assignment of six questions has some dozens."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def without_surrogates(text: str) -> str:
    """The text as it can be written anywhere: what is no character becomes U+FFFD."""
    return _SURROGATES.sub("\ufffd", text)


class Part(Struct, frozen=True, kw_only=True):
    """A cell, or a piece of a cell or of a script that holds several answers.

    `index` counts the parts, `cell` the cells of the notebook or the pieces of the script,
    both from 0. `line` is the 1-based line of the cell or the script that `source` starts
    at. `exercise` is the question that the kit's own metadata of the cell names,
    `grade_id` the one that nbgrader's names.
    """

    index: int
    cell: int
    line: int = 1
    type: Literal["code", "markdown", "raw"]
    source: str
    exercise: str | None = None
    grade_id: str | None = None
    in_script: bool = False

    @property
    def place(self) -> str:
        """Where it is, in words for people."""
        return f"line {self.line}" if self.in_script else f"cell {self.cell + 1}"

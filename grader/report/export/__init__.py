"""A class, or one learner of it, in the formats of other systems: functions of Results.

A format is one file here and one line below.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader.report.export.canvas import fill_canvas
from grader.report.export.classroom import classroom
from grader.report.export.document import write_json
from grader.report.export.filling import Filled
from grader.report.export.gradescope import gradescope
from grader.report.export.junit import write_junit
from grader.report.export.moodle import fill_moodle
from grader.report.export.plain import write_csv
from grader.report.export.sheets import Sheet
from grader.results import Result

WHOLE: dict[str, Callable[[Iterable[Result], tuple[str, ...]], Iterator[str]]] = {
    "csv": write_csv,
    "junit": write_junit,
    "json": write_json,
}
"""Formats of one file for a class, written while the results are read. They are given the ids of
all exercises too, for the columns of a table.
"""

SHEETS: dict[str, Callable[[Sheet, Iterable[Result], str | None], Filled]] = {
    "canvas": fill_canvas,
    "moodle": fill_moodle,
}
"""Formats that fill a sheet of another system, in the column that is asked for."""

SINGLE: dict[str, Callable[[Result], dict[str, Any] | None]] = {
    "gradescope": gradescope,
    "classroom": classroom,
}
"""Formats of a JSON document for each learner, or None for who has nothing to show there."""

FORMATS = ("csv", *SHEETS, *SINGLE, "junit", "json")


def single_json(document: dict[str, Any]) -> str:
    """A document of one of the formats in SINGLE, as it is written."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"

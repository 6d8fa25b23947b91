"""A class as CSV: a row a learner, for spreadsheets and pandas alike."""

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from grader.report.export.standing import standing, total
from grader.results import ExerciseResult, Result, number

_BOM = "\ufeff"
"""Without it, Excel takes the file for one in the encoding of the country."""

_LEARNER = ("id", "name", "email", "status")
_SUMS = ("points", "max_points", "late", "attempt", "attempts", "handed_in")
_WORDS = ("needs_a_person", "comments")

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""What anybody takes for the end of a line, and tabs."""

_UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Control characters, what reorders the text around it, halves of a pair: none is a part of a
name. Joiners and directional marks are, in Hindi and Persian, and stay.
"""

_FORMULA = re.compile('(^|;)([\\s"]*)(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])')
"""Where a spreadsheet would begin to calculate (owasp.org/www-community/attacks/CSV_Injection):
at the beginning of a cell, and after a semicolon, at which Excel divides cells in the countries
whose decimal sign is a comma.
"""


def write_csv(results: Iterable[Result], exercises: tuple[str, ...]) -> Iterator[str]:
    """The file's lines, with a BOM at the beginning.

    Whatever others wrote is in one line, and cannot begin a formula: an apostrophe stands before
    it, as spreadsheets themselves mark text. Empty is what there are no points for yet.
    """
    columns = [f"{id_}_{what}" for id_ in exercises for what in ("status", "points", "max")]
    yield _BOM + _line([*_LEARNER, *columns, *_SUMS, *_WORDS])
    for result in results:
        yield _line(_row(result, exercises))


def cell(text: str) -> str:
    """What others wrote, as one cell that is text to every spreadsheet."""
    line = _BREAKS.sub(" ", text)
    shown = _UNSHOWN.sub(lambda c: c[0].encode("unicode_escape").decode("ascii"), line)
    return _FORMULA.sub(r"\1'\2", shown)


def _row(result: Result, exercises: tuple[str, ...]) -> list[str]:
    learner = result.learner
    found = {each.id: each for each in result.exercises}
    return [
        *map(cell, (learner.id, learner.name, learner.email)),
        standing(result),
        *(text for id_ in exercises for text in _marks(found.get(id_))),
        *_sums(result),
        cell("; ".join(result.notices)),
        cell("; ".join(_comments(result))),
    ]


def _marks(exercise: ExerciseResult | None) -> tuple[str, str, str]:
    if exercise is None or (exercise.report is None and exercise.manual is None):
        return ("missing", "", "")
    points = "" if exercise.points is None else number(exercise.points)
    return (exercise.status, points, number(exercise.max_points))


def _sums(result: Result) -> tuple[str, ...]:
    points = total(result)
    sums = ("", "") if points is None else (number(points), number(result.max_points))
    handed_in = result.submission
    if handed_in is None:
        return (*sums, "", "", "", "")
    attempts = (str(handed_in.attempt), str(handed_in.attempts))
    return (*sums, "yes" if handed_in.late else "no", *attempts, cell(handed_in.handed_in))


def _comments(result: Result) -> Iterator[str]:
    for each in result.exercises:
        if each.manual is not None and each.manual.comment:
            yield f"{each.id}: {each.manual.comment}"


def _line(cells: list[str]) -> str:
    line = StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()

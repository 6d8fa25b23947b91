"""Canvas's gradebook, as exported to CSV, with the points of a class filled in.

What it looks like, and how it is read again: github.com/instructure/canvas-lms,
lib/gradebook_exporter.rb and lib/gradebook_importer.rb.
"""

import re
from collections.abc import Iterable, Sequence

from grader.handed_in import Learner
from grader.report.export.filling import Filled, Target, fill, guesses, most_of
from grader.report.export.matching import Identity, folded
from grader.report.export.sheets import Sheet, SheetError, style_of
from grader.report.export.standing import named
from grader.results import Result

_IDS = {"id": "canvas", "sis user id": "sis", "sis login id": "login"}
"""Canvas's columns that tell people apart, and what `Learner.ids` calls them."""

_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
"""Columns that Canvas calculates. They are called so in every language."""

_POSTING = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)

_ASSIGNMENT = re.compile(r"(?P<title>.*?)\s*\((?P<id>\d+)\)", re.DOTALL)

_TEST_STUDENT = "Student, Test"

_NOT_POINTS = ("EX", "N/A")
"""Excused, and not assigned to this learner: a number would put an end to that."""


def fill_canvas(sheet: Sheet, results: Iterable[Result], column: str | None) -> Filled:
    """The gradebook with points in the column of an assignment. Raises SheetError."""
    headings = [folded(heading) for heading in sheet.headings]
    if "id" not in headings or not {"student", "lastname"} & {*headings}:
        raise SheetError(
            "it is no gradebook of Canvas, whose columns begin with Student and ID: take what "
            "Grades, Export, Export Entire Gradebook gives."
        )
    possible = next(
        (row for row in range(len(sheet.rows)) if "Points Possible" in sheet.value(row, 0)), None
    )
    points = _column(sheet, headings, possible, column)
    rows = [row for row in range(1, len(sheet.rows)) if row != possible and _is_person(sheet, row)]
    shown = {row: _name(sheet, headings, row) for row in rows}
    most = [] if possible is None else [sheet.value(possible, points)]
    numbers = most or [sheet.value(row, points) for row in rows]
    target = Target(
        sheet=sheet,
        points=points,
        people={row: _person(sheet, headings, row) for row in rows},
        shown={row: name for row, name in shown.items() if name != _TEST_STUDENT},
        style=style_of(numbers),
        most=most_of(most),
        closed=lambda row: _closed(sheet.value(row, points)),
    )
    return fill(target, results, _identity)


def _column(sheet: Sheet, headings: Sequence[str], possible: int | None, asked: str | None) -> int:
    people = 1 + max(headings.index(name) for name in (*_IDS, "section") if name in headings)
    open_ = [
        column
        for column in range(people, len(headings))
        if not _TOTALS.search(sheet.headings[column])
        and not (possible is not None and _is_read_only(sheet.value(possible, column)))
    ]
    assignments = [c for c in open_ if _ASSIGNMENT.fullmatch(sheet.headings[c])]
    wanted = [c for c in open_ if asked is not None and _is_asked_for(asked, sheet.headings[c])]
    if asked is None:
        wanted = assignments
    if len(wanted) == 1:
        return wanted[0]
    there = named([sheet.headings[each] for each in wanted or assignments])
    if not there:
        raise SheetError(
            "it has no column of an assignment: make one in Canvas, and export again."
        )
    which = "several assignments" if asked is None else f"not one column {asked!r} to fill in"
    raise SheetError(f"it has {which}: name one with --column, out of {there}.")


def _is_asked_for(asked: str, heading: str) -> bool:
    """Whether a column is meant: by its whole heading, or an assignment's title or number."""
    names = [heading]
    if parts := _ASSIGNMENT.fullmatch(heading):
        names += [parts["title"], parts["id"]]
    return folded(asked) in map(folded, names)


def _is_read_only(value: str) -> bool:
    # "(read only)", in the language of whoever exported it; in others' place are points.
    return bool(re.fullmatch(r"\s*\(.+\)\s*", value))


def _is_person(sheet: Sheet, row: int) -> bool:
    return not all(
        _POSTING.fullmatch(sheet.value(row, c)) for c in range(len(sheet.rows[row].cells))
    )


def _person(sheet: Sheet, headings: Sequence[str], row: int) -> Identity:
    ids = {
        system: value
        for heading, system in _IDS.items()
        if heading in headings and (value := sheet.value(row, headings.index(heading)).strip())
    }
    if "@" in ids.get("login", ""):
        ids["email"] = ids["login"]
    return Identity(ids=ids, name=_name(sheet, headings, row))


def _name(sheet: Sheet, headings: Sequence[str], row: int) -> str:
    if "student" in headings:
        return sheet.value(row, headings.index("student")).strip()
    last, first = (
        sheet.value(row, headings.index(name)).strip() if name in headings else ""
        for name in ("lastname", "firstname")
    )
    return f"{last}, {first}" if first else last


def _identity(learner: Learner) -> Identity:
    ids = {system: learner.ids[system] for system in _IDS.values() if system in learner.ids}
    if learner.email:
        ids["email"] = learner.email
    return Identity(ids=ids, guesses=guesses(learner, "sis", "login"), name=learner.name)


def _closed(value: str) -> str:
    return value.strip() if value.strip().upper() in _NOT_POINTS else ""

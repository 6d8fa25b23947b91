"""Moodle's offline grading worksheet with the points of a class filled in.

What it looks like, and how it is read again: github.com/moodle/moodle, mod/assign/gradingtable.php
and mod/assign/feedback/offline/. Its headings, and "Participant", are in the language of whoever
downloads it, and have to stay so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from grader.handed_in import Learner
from grader.report.export.filling import Filled, Target, fill, guesses, most_of
from grader.report.export.matching import Identity, folded
from grader.report.export.sheets import Sheet, SheetError, style_of
from grader.report.export.standing import out_of, scored
from grader.report.neutral import neutral
from grader.results import ExerciseResult, Result

_HEADINGS = {
    "identifier": ("identifier", "id"),
    "name": ("full name", "vollständiger name"),
    "number": ("id number", "id-nummer"),
    "email": ("email address", "e-mail-adresse"),
    "grade": ("grade", "bewertung"),
    "most": ("maximum grade", "bestwertung"),
    "open": ("grade can be changed", "bewertung kann geändert werden"),
    "comments": ("feedback comments", "feedback als kommentar"),
}
"""The columns that count, in English and German; elsewhere --column tells where the grade is."""

_SCALES = ("scale", "skala")

_NO = ("no", "nein", "non", "não", "nee", "nej", "nei")
"""In a language that is not here, a locked grade is filled in, and Moodle passes it over."""

_OURS = "<p><strong>Multiprocessing exercises</strong>:"


def fill_moodle(sheet: Sheet, results: Iterable[Result], column: str | None) -> Filled:
    """The worksheet with grades and comments. Raises SheetError."""
    columns = _columns(sheet, column)
    rows = [
        row
        for row in range(1, len(sheet.rows))
        if _participant(sheet.value(row, columns["identifier"]))
    ]
    most = [sheet.value(row, columns.get("most")) for row in rows]
    names = {row: sheet.value(row, columns.get("name")).strip() for row in rows}
    target = Target(
        sheet=sheet,
        points=columns["grade"],
        people={row: _person(sheet, columns, row, names[row]) for row in rows},
        shown={row: names[row] or sheet.value(row, columns["identifier"]) for row in rows},
        style=style_of(most),
        most=most_of(most),
        closed=lambda row: _closed(sheet.value(row, columns.get("open"))),
        comments=columns.get("comments"),
        keeps=lambda comment: bool(comment.strip()) and not comment.startswith(_OURS),
    )
    return fill(target, results, _identity, feedback)


def feedback(result: Result) -> str:
    """What a learner reads in Moodle, as HTML in one line."""
    items = "".join(
        f"<li>{escape(scored(exercise))}{_checks(exercise)}</li>" for exercise in result.exercises
    )
    points = out_of(result.points, result.max_points)
    return f"{_OURS} {points}.</p><ul>{items}</ul>"


def _checks(exercise: ExerciseResult) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in _to_mend(exercise))
    return f"<ul>{items}</ul>" if items else ""


def _to_mend(exercise: ExerciseResult) -> Iterator[str]:
    for check in exercise.report.checks if exercise.report is not None else ():
        if check.status == "failed":
            hint = f" Hint: {check.hint}" if check.hint else ""
            yield neutral(f"{check.title}: {check.message}{hint}")


def _columns(sheet: Sheet, asked: str | None) -> dict[str, int]:
    headings = [folded(heading) for heading in sheet.headings]
    columns = {
        what: headings.index(name)
        for what, names in _HEADINGS.items()
        for name in names
        if name in headings
    }
    if asked is not None:
        if folded(asked) not in headings:
            raise SheetError(f"it has no column {asked!r}: name the one that holds the grade.")
        columns["grade"] = headings.index(folded(asked))
    if "grade" not in columns:
        raise SheetError(
            "it has no column Grade: take what the assignment's Download grading worksheet gives, "
            "and in another language name the column of the grade with --column."
        )
    if {*_SCALES} & {*headings}:
        raise SheetError("its grades are words of a scale, not points: choose points in Moodle.")
    # Moodle writes who it is first, and the maximum right after the grade.
    return {"identifier": 0, "most": columns["grade"] + 1} | columns


def _participant(value: str) -> str:
    """The number in "Participant 4711", or in "Teilnehmer/in4711"."""
    found = re.search(r"(\d+)\s*$", value, re.ASCII)
    return found[1] if found else ""


def _person(sheet: Sheet, columns: Mapping[str, int], row: int, name: str) -> Identity:
    found = {
        "moodle": _participant(sheet.value(row, columns["identifier"])),
        "sis": sheet.value(row, columns.get("number")).strip(),
        "email": sheet.value(row, columns.get("email")).strip(),
    }
    return Identity(ids={system: id_ for system, id_ in found.items() if id_}, name=name)


def _identity(learner: Learner) -> Identity:
    ids = {
        "moodle": _participant(learner.ids.get("moodle", "")),
        "sis": learner.ids.get("sis", ""),
        "email": learner.email,
    }
    return Identity(
        ids={system: id_ for system, id_ in ids.items() if id_},
        guesses=guesses(learner, "sis"),
        name=learner.name,
    )


def _closed(value: str) -> str:
    return "the grade cannot be changed" if folded(value) in _NO else ""

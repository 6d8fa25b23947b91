"""Filling points into a sheet of a learning management system."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from grader.handed_in import Learner
from grader.phrases import counted
from grader.report.export.matching import Identity, match
from grader.report.export.sheets import Sheet, SheetError, Style, filled, read_number
from grader.report.export.standing import named, total, why_pending
from grader.results import Result, number


class Target(Struct, frozen=True, kw_only=True):
    """What of a sheet is to be filled in: a column for points, in the rows of these people, and
    maybe one for comments.

    `closed` tells of a row why it is not to be touched, or ""; `keeps` of a comment that stands
    there, whether it is somebody else's. `most` is what the sheet says one can get.
    """

    sheet: Sheet
    points: int
    people: dict[int, Identity]
    shown: dict[int, str]
    style: Style
    most: float | None
    closed: Callable[[int], str]
    comments: int | None = None
    keeps: Callable[[str], bool] = bool


class Filled(Struct, frozen=True, kw_only=True):
    """A sheet that was filled in, how many rows of it, and what people have to know."""

    sheet: Sheet
    rows: int
    remarks: tuple[str, ...]


class _Entry(Struct, frozen=True):
    """What of a result goes into a sheet; a class of them is small, one of Results is not."""

    learner: Learner
    points: float | None
    most: float
    why: str
    comment: str


def fill(
    target: Target,
    results: Iterable[Result],
    identity: Callable[[Learner], Identity],
    comment: Callable[[Result], str] | None = None,
) -> Filled:
    """Write the points of a class into its sheet. Raises SheetError if nobody of it is there.

    What has no points yet, and whom the sheet does not know, leaves the sheet as it is.
    """
    entries = [_entry(result, comment) for result in results]
    matches = match([identity(entry.learner) for entry in entries], target.people)
    if not matches.learner_of:
        raise SheetError(
            "none of its rows is about a learner of the gradebook: name the sheet of this class."
        )
    cells: dict[tuple[int, int], str] = {}
    closed: list[str] = []
    kept: list[str] = []
    for row, who in matches.learner_of.items():
        entry = entries[who]
        if entry.points is None:
            continue
        if why := target.closed(row):
            closed.append(f"{entry.learner.shown} ({why})")
            continue
        cells[row, target.points] = target.style.text(entry.points)
        if target.comments is not None and entry.comment:
            if target.keeps(target.sheet.value(row, target.comments)):
                kept.append(entry.learner.shown)
            else:
                cells[row, target.comments] = entry.comment
    rows_left = [name for row, name in target.shown.items() if row not in matches.learner_of]
    learners = [entry.learner.shown for entry in entries]
    written = [
        entries[who] for row, who in matches.learner_of.items() if (row, target.points) in cells
    ]
    told = (
        *_maximum(target, [entry for entry in entries if entry.points is not None], written),
        *_told("matched by name alone", [learners[who] for who in matches.by_name]),
        *_told("not in the sheet", [learners[who] for who in matches.missing]),
        *_told(
            "left out, since the same row may be about several",
            [learners[who] for who in matches.contested],
        ),
        *_told("left as they are in the sheet", closed),
        *_told(
            "with no points yet, whose cells stay as they are", [e.why for e in entries if e.why]
        ),
        *_told("with a comment of somebody else, which is kept", kept),
        *_told("of nobody in the gradebook", rows_left, "row of the sheet", "rows of the sheet"),
    )
    return Filled(sheet=filled(target.sheet, cells), rows=len(written), remarks=told)


def _entry(result: Result, comment: Callable[[Result], str] | None) -> _Entry:
    points = total(result)
    return _Entry(
        learner=result.learner,
        points=points,
        most=result.max_points,
        why=why_pending(result) if points is None else "",
        comment=comment(result) if comment is not None and points is not None else "",
    )


def _told(what: str, names: Sequence[str], one: str = "learner", many: str = "") -> Iterator[str]:
    if names:
        yield f"{counted(len(names), one, many)} {what}: {named(names)}"


def _maximum(
    target: Target, entries: Sequence[_Entry], written: Sequence[_Entry]
) -> Iterator[str]:
    """That the sheet counts otherwise than the exercises do: points are never scaled silently."""
    heading = target.sheet.headings[target.points]
    if target.most is None or not entries:
        return
    [(ours, _)] = Counter(entry.most for entry in entries).most_common(1)
    if ours != target.most:
        yield (
            "points are written as they are, not scaled: the sheet gives "
            f'{number(target.most)} for "{heading}", the exercises {number(ours)}'
        )
    above = [e.learner.shown for e in written if e.points is not None and e.points > target.most]
    yield from _told("with more points than the sheet allows", above)


def guesses(learner: Learner, *systems: str) -> tuple[tuple[str, str], ...]:
    """What these systems may call a learner: the kit's own id, or one of a system unknown."""
    ids = dict.fromkeys(filter(None, (learner.ids.get("id", ""), learner.id)))
    return tuple((system, id_) for id_ in ids for system in systems)


def most_of(values: Iterable[str]) -> float | None:
    """The maximum that a sheet states, in any of these cells."""
    return next((most for value in values if (most := read_number(value)) is not None), None)

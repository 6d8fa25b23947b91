"""The page of a class: how it did, who needs a person's eye, and the table of all learners."""

from collections.abc import Iterator, Sequence
from statistics import mean, median

from msgspec import Struct

from grader.phrases import counted
from grader.report.html.tally import NOTICED, Finding, Row, Tally
from grader.report.html.templates import render
from grader.report.html.words import Link, cut, link_to, points, sign_of
from grader.report.summary import BIN_NAMES
from grader.results import STATUSES

_RANKS = {status: rank for rank, status in enumerate(STATUSES)}

_REASONS = 20
_NAMED = 200
"""Reasons to look at somebody's work that are shown at once, and learners named under one."""


class Bar(Struct, frozen=True):
    """A row of a diagram: `share` of the whole width, in percent."""

    label: str
    count: str
    share: str


class ExerciseCount(Struct, frozen=True):
    """How the class did at one exercise."""

    id: str
    title: str
    counts: tuple[int, ...]
    median: str


class Choice(Struct, frozen=True):
    """A finding to filter by, with its number in the rows."""

    number: int
    words: str
    count: int


class Choices(Struct, frozen=True):
    """The findings of one exercise, or of the submissions."""

    title: str
    choices: tuple[Choice, ...]


class CheckRate(Struct, frozen=True):
    """How often a check failed."""

    exercise: str
    title: str
    failed: str
    skipped: str
    bar: Bar


class Reason(Struct, frozen=True):
    """Why a person should look, and at whom: `left` more are not named."""

    notice: str
    count: str
    links: Sequence[Link]
    left: int


class Cell(Struct, frozen=True):
    """One exercise in the row of a learner; `order` is what it is sorted by."""

    status: str
    sign: str
    words: str
    points: str
    order: str


def class_page(tally: Tally, *, title: str = "") -> str:
    """The page, as HTML."""
    bars, remark = _distribution(tally)
    reasons = _reasons(tally)
    columns = [status for status in STATUSES if any(c[status] for c in tally.statuses.values())]
    return render(
        "class.html",
        title=title,
        summary=_summary(tally),
        statuses=[((sign_of(status), STATUSES[status]), status) for status in columns],
        exercises=[_exercise(id_, tally, columns) for id_ in tally.titles],
        bars=bars,
        remark=remark,
        rates=tuple(_rates(tally)),
        reasons=reasons[:_REASONS],
        more_reasons=reasons[_REASONS:],
        choices=tuple(_choices(tally)),
        ids=[cut(id_, 40) for id_ in tally.titles],
        rows=((row, _cells(row, tally.titles)) for row in tally.rows),
        count=len(tally.rows),
        noticed=NOTICED.what,
        points=points,
    )


def _summary(tally: Tally) -> str:
    absent = sum(row.attempts == 0 for row in tally.rows)
    late = sum(row.late for row in tally.rows)
    parts = [counted(len(tally.rows), "learner")]
    parts += [f"{absent:,} not handed in"] if absent else []
    parts += [f"{late:,} late"] if late else []
    return " · ".join(parts)


def _exercise(id_: str, tally: Tally, columns: Sequence[str]) -> ExerciseCount:
    marks = [row.marks[id_].points for row in tally.rows if id_ in row.marks]
    known = [mark for mark in marks if mark is not None]
    most = max((row.marks[id_].max_points for row in tally.rows if id_ in row.marks), default=0)
    return ExerciseCount(
        id=cut(id_, 40),
        title=cut(tally.titles[id_], 200),
        counts=tuple(tally.statuses[id_][status] for status in columns),
        median=points(median(known), most) if known and most else "",
    )


def _distribution(tally: Tally) -> tuple[tuple[Bar, ...], str]:
    """How many learners have which share of the points, and a remark on all of them."""
    shares = tally.shares
    if not shares:
        return (), "Nobody has points yet."
    counts = tally.distribution()
    bars = tuple(
        Bar(name, f"{count:,}", f"{100 * count / max(counts):.1f}%")
        for name, count in reversed([*zip(BIN_NAMES, counts, strict=True)])
    )
    half, average = (f"{100 * middle(shares):.0f} %" for middle in (median, mean))
    return bars, f"Median {half}, mean {average} of {counted(len(shares), 'learner')} with points."


def _rates(tally: Tally) -> Iterator[CheckRate]:
    for (exercise, id_), count in tally.checks.items():
        looked_at = count.looked_at
        if not looked_at:
            continue
        failed, skipped = count.by_status["failed"], count.by_status["skipped"]
        share = 100 * failed / looked_at
        yield CheckRate(
            exercise=cut(exercise, 40),
            title=cut(count.title, 200),
            failed=f"{failed:,} of {looked_at:,}",
            skipped=f"{skipped:,}" if skipped else "",
            bar=Bar(cut(id_, 60), f"{share:.0f} %", f"{share:.1f}%"),
        )


def _reasons(tally: Tally) -> Sequence[Reason]:
    return [
        Reason(
            cut(each.notice, 300),
            counted(len(each.learners), "learner"),
            [link_to(learner) for learner in each.learners[:_NAMED]],
            len(each.learners[_NAMED:]),
        )
        for each in tally.reasons()
    ]


def _choices(tally: Tally) -> Iterator[Choices]:
    """What the table can be filtered by, by exercise."""
    for exercise in ("", *tally.titles):
        found = [f for f in tally.numbers if f.exercise == exercise]
        choices = tuple(
            Choice(tally.numbers[each], _in_words(each, tally), tally.findings[each])
            for each in sorted(found, key=lambda each: _rank(each, tally))
        )
        if choices:
            yield Choices(cut(exercise, 40) or "Submission", choices)


def _rank(finding: Finding, tally: Tally) -> tuple[bool, int]:
    if finding.kind == "check":
        return True, [*tally.checks].index((finding.exercise, finding.what))
    return False, _RANKS.get(finding.what, 0)


def _in_words(finding: Finding, tally: Tally) -> str:
    if finding.kind == "check":
        count = tally.checks[finding.exercise, finding.what]
        return f"failed check: {cut(count.title, 120)}"
    return STATUSES[finding.what][1] if finding.exercise else finding.what


def _cells(row: Row, ids: Sequence[str] | dict[str, str]) -> Iterator[Cell | None]:
    for id_ in ids:
        mark = row.marks.get(id_)
        if mark is None:
            yield None
            continue
        # One number: by points, and among the same points by status.
        order = f"{-1 if mark.points is None else mark.points:.4f}{_RANKS[mark.status]:02}"
        of = points(mark.points, mark.max_points)
        yield Cell(mark.status, sign_of(mark.status), STATUSES[mark.status], of, order)

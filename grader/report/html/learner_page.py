"""The page of one learner: what was handed in, how each exercise came out, and why."""

from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from grader.handed_in import HandedInFile, Submission
from grader.mark import Answer, CheckResult, ExerciseReport
from grader.report.html.output import Output, outputs_of
from grader.report.html.source import File, shown_files
from grader.report.html.svg import Picture, picture_of
from grader.report.html.templates import render
from grader.report.html.words import Link, cut, name_of, points, sign_of
from grader.results import STATUSES, ExerciseResult, Result, number

_LONGEST_TEXT = 1500
_LONGEST_LINE = 300
_LINES_OF_A_COMMENT = 40
_NAMED = 20
"""Cells, problems and notices at the most."""


class CheckView(Struct, frozen=True):
    """A check, as it is shown."""

    status: str
    sign: str
    words: str
    title: str
    id: str
    points: str
    message: str
    hint: str


class ExerciseView(Struct, frozen=True):
    """An exercise, as it is shown. `own` is the kit's mark below a person's."""

    anchor: str
    id: str
    title: str
    status: str
    sign: str
    words: str
    points: str
    own: str
    comment: tuple[str, ...]
    marked_at: str
    note: str
    why: str
    taken: tuple[tuple[str, str], ...]
    checks: tuple[CheckView, ...]
    picture: Picture | None
    outputs: tuple[Output, ...]
    more_outputs: str


def learner_page(
    result: Result,
    files: Sequence[HandedInFile],
    *,
    before: Link | None = None,
    after: Link | None = None,
    title: str = "",
) -> str:
    """The page, as HTML. `before` and `after` are the neighbours in the class."""
    reports = [each.report for each in result.exercises if each.report is not None]
    shown = shown_files(files, reports)
    exercises = [_exercise(n, e, shown) for n, e in enumerate(result.exercises, start=1)]
    return render(
        "learner.html",
        learner=result.learner,
        name=name_of(result.learner),
        id=cut(result.learner.id, 80),
        title=title,
        submission=_bounded(result.submission) if result.submission is not None else None,
        notices=[cut(notice, _LONGEST_LINE) for notice in result.notices[:_NAMED]],
        total=points(result.points, result.max_points),
        exercises=exercises,
        files=shown,
        before=before,
        after=after,
    )


def _bounded(submission: Submission) -> Submission:
    """With texts as long as there is room for."""
    return structs.replace(
        submission,
        place=cut(submission.place, _LONGEST_LINE),
        handed_in=cut(submission.handed_in, 40),
        problems=tuple(cut(each, _LONGEST_LINE) for each in submission.problems[:_NAMED]),
    )


def _exercise(place: int, exercise: ExerciseResult, files: Sequence[File]) -> ExerciseView:
    report, manual = exercise.report, exercise.manual
    trace = report.trace if report is not None else None
    outputs, more = outputs_of(trace) if trace is not None else ((), "")
    answer = report.answer if report is not None else None
    return ExerciseView(
        anchor=f"e{place}",
        id=cut(exercise.id, 40),
        title=cut(exercise.title, _LONGEST_LINE),
        status=exercise.status,
        sign=sign_of(exercise.status),
        words=STATUSES[exercise.status],
        points=points(exercise.points, exercise.max_points),
        own=_own(exercise) if manual is not None else "",
        comment=tuple(_comment(manual.comment)) if manual is not None else (),
        marked_at=cut(manual.at, 40) if manual is not None else "",
        note=cut(report.note, _LONGEST_TEXT) if report is not None else "",
        why=cut(answer.why, _LONGEST_LINE) if answer is not None else "",
        taken=tuple(_taken(answer, exercise.id, files)) if answer is not None else (),
        checks=tuple(_checks(report)),
        picture=picture_of(trace) if trace is not None else None,
        outputs=outputs,
        more_outputs=more,
    )


def _checks(report: ExerciseReport | None) -> Iterator[CheckView]:
    """The checks, unless nothing was looked at: then the note says why."""
    if report is not None and report.status not in ("absent", "error"):
        yield from map(_check, report.checks)


def _own(exercise: ExerciseResult) -> str:
    """What the kit itself gave, where a person's mark stands above it."""
    if exercise.report is None:
        return "The kit has not graded it."
    words = STATUSES[exercise.report.status]
    mark = points(exercise.report.points, exercise.report.max_points)
    return f"The kit's own mark: {words}{', ' + mark if mark else ''}."


def _comment(text: str) -> Iterator[str]:
    yield from cut(text, _LONGEST_TEXT).strip().split("\n")[:_LINES_OF_A_COMMENT]


def _taken(answer: Answer, exercise: str, files: Sequence[File]) -> Iterator[tuple[str, str]]:
    """What was taken for the answer, each with its anchor further down: "" where it is not
    shown there.
    """
    anchors: dict[int | None, str] = {}
    for n, file in enumerate(files, start=1):
        for block in file.blocks:
            first = next((x.number for x in block.lines if exercise in x.answer.split(", ")), 0)
            if first:
                anchors[block.cell] = f"f{n}c{block.cell}" if block.cell else f"f{n}L{first}"
    if answer.lines is not None:
        yield "lines {} to {}".format(*answer.lines), anchors.get(None, "")
    for cell in answer.cells[:_NAMED]:
        yield f"cell {cell + 1}", anchors.get(cell + 1, "")


def _check(check: CheckResult) -> CheckView:
    most = check.max_points
    return CheckView(
        status=check.status,
        sign=sign_of(check.status),
        words=check.status,
        title=cut(check.title, _LONGEST_LINE),
        id=cut(check.id, 60),
        points=f"{number(check.points)} / {number(most)}" if most else "",
        message=cut(check.message, _LONGEST_TEXT),
        hint=cut(check.hint, _LONGEST_TEXT),
    )

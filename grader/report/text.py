"""Reports as text for a terminal: what a learner reads after `grade`."""

from collections.abc import Iterator

from grader.checks.evidence import listed
from grader.mark import Answer, CheckResult, CheckStatus, ExerciseReport, Report, Status
from grader.phrases import counted
from grader.report.lines import Line, Lines, Style, line_width, plain, wrap
from grader.report.page import Page, page_for
from grader.report.timeline import timeline

_STATUS_COLUMNS = 7
"""As wide as the longest word for a status, "skipped"."""

_POINTS_COLUMNS = 9

_STYLES: dict[Status | CheckStatus, Style] = {
    "passed": "good",
    "failed": "bad",
    "error": "bad",
    "absent": "advice",
    "advice": "advice",
    "manual": "advice",
    "skipped": "dim",
}


def report_text(report: Report, width: int, *, ascii: bool = False) -> Lines:  # noqa: A002
    """Each exercise of a report: its picture, its checks and the one thing to fix first.

    At most `width` columns wide (60 at the least); with `ascii`, nothing beyond ASCII.
    """
    page = page_for(width, ascii=ascii)
    lines: list[Line] = [*_paragraph(f"Graded: {report.submission}", page, style="dim")]
    for exercise in report.exercises:
        lines += [(), *_exercise(exercise, page)]
    name, points, max_points = _total(report)
    if len(report.exercises) > 1 and max_points:
        lines += [(), ((f"{name}: {_points(points, max_points)}", "strong"),)]
    return tuple(lines)


def summary_text(report: Report, width: int, *, ascii: bool = False) -> Lines:  # noqa: A002
    """A table of all exercises with status, points and total, and the one next step."""
    page = page_for(width, ascii=ascii)
    name, points, max_points = _total(report)
    return (
        *(row for exercise in report.exercises for row in _rows(exercise, page)),
        _row(((name, "strong"),), plain(""), f"{points}/{max_points}", page),
        (),
        *_next_step(report, page),
    )


def _exercise(exercise: ExerciseReport, page: Page) -> Iterator[Line]:
    yield from _headline(exercise, page)
    if exercise.answer:
        yield from _paragraph(_taken(exercise.answer), page, indent=1, style="dim")
    if exercise.note:
        yield from _paragraph(exercise.note, page, indent=1)
    if exercise.trace:
        yield ()
        yield from timeline(exercise.trace, page.width, ascii=page.ascii)
        yield ()
        for check in exercise.checks:
            yield from _check(check, page)
    yield ()
    yield from _verdict(exercise, page)


def _headline(exercise: ExerciseReport, page: Page) -> Lines:
    title: Line = ((f"{exercise.id}  ", "strong"), (page.safe(exercise.title), "strong"))
    points = _points(exercise.points, exercise.max_points)
    marked = points if exercise.max_points and exercise.status != "error" else "not marked"
    status: Line = ((exercise.status, _STYLES[exercise.status]), (f", {marked}", "plain"))
    gap = page.width - line_width(title) - line_width(status)
    if gap > 1:
        return ((*title, (" " * gap, "plain"), *status),)
    indent = len(exercise.id) + 2
    return (
        *wrap(title, page.width, hanging=indent),
        *wrap(status, page.width, indent=indent),
    )


def _taken(answer: Answer) -> str:
    """What was taken for the answer, and why."""
    if answer.lines:
        where = "lines {} to {}".format(*answer.lines)
    else:
        places = listed(cell + 1 for cell in answer.cells)
        where = f"cell{'s' if len(answer.cells) > 1 else ''} {places}"
    return f"Taken for the answer: {where}, since {answer.why}."


def _check(check: CheckResult, page: Page) -> Lines:
    points = f"{check.points}/{check.max_points}" if check.max_points else ""
    head: Line = (
        (f" {check.status:<{_STATUS_COLUMNS}}", _STYLES[check.status]),
        (f"  {points:>5}  ", "plain"),
        (page.safe(check.title), "plain" if check.status == "skipped" else "strong"),
        (f" ({check.id})", "dim"),
    )
    indent = _STATUS_COLUMNS + 10
    return (
        *wrap(head, page.width, hanging=indent),
        *_paragraph(check.message, page, indent=indent, style="plain"),
    )


def _verdict(exercise: ExerciseReport, page: Page) -> Iterator[Line]:
    """The last word on an exercise: that all is well, or the one thing to do next."""
    if exercise.status == "passed":
        points = _points(exercise.points, exercise.max_points)
        yield ((f"{exercise.id} passed with {points}: nothing to fix.", "good"),)
    elif exercise.status == "manual":
        yield (("To be read and marked by an instructor.", "strong"),)
    elif exercise.status == "absent":
        yield ((f"To do: write an answer, then run: grade {exercise.id}", "strong"),)
    elif exercise.status == "error":
        text = "The kit failed here, not you: this is not a mark, and costs no points."
        yield from _paragraph(text, page, style="strong")
    else:
        first = next((c for c in exercise.checks if c.status == "failed"), None)
        if first:
            yield from _fix_first(first, page)


def _fix_first(check: CheckResult, page: Page) -> Iterator[Line]:
    title = page.safe(check.title)
    head: Line = (("Fix this first: ", "strong"), (title, "strong"))
    yield from wrap(head, page.width, hanging=2)
    yield from _paragraph(check.message, page, indent=2)
    if check.hint:
        yield from _paragraph(f"Hint: {check.hint}", page, indent=2, style="advice")


def _rows(exercise: ExerciseReport, page: Page) -> Lines:
    name: Line = ((f"{exercise.id}  ", "strong"), (page.safe(exercise.title), "plain"))
    room = page.width - _STATUS_COLUMNS - _POINTS_COLUMNS - 2
    first, *rest = wrap(name, room, hanging=len(exercise.id) + 2)
    status: Line = ((exercise.status, _STYLES[exercise.status]),)
    points = "-" if exercise.status == "error" else str(exercise.points)
    points = f"{points}/{exercise.max_points}" if exercise.max_points else ""
    return (_row(first, status, points, page), *rest)


def _row(name: Line, status: Line, points: str, page: Page) -> Line:
    gap = page.width - _STATUS_COLUMNS - _POINTS_COLUMNS - line_width(name)
    padding = _STATUS_COLUMNS - line_width(status)
    return (
        *name,
        (" " * gap, "plain"),
        *status,
        (" " * padding + f"{points:>{_POINTS_COLUMNS}}", "plain"),
    )


def _next_step(report: Report, page: Page) -> Iterator[Line]:
    """What to do next: about the first exercise that can be done something about."""
    open_ones = [e for e in report.exercises if e.status in ("failed", "absent")]
    if open_ones:
        yield from _next_exercise(open_ones[0], page)
    elif report.passed:
        yield (("All passed: nothing to fix.", "good"),)
    else:
        text = "Nothing else to do: the kit failed at the rest, and that costs no points."
        yield from _paragraph(text, page)


def _next_exercise(exercise: ExerciseReport, page: Page) -> Iterator[Line]:
    first = next((c for c in exercise.checks if c.status == "failed"), None)
    why = first.message if first else exercise.note
    head: Line = ((f"Next: {exercise.id}", "strong"), (f"  {page.safe(why)}", "plain"))
    yield from wrap(head, page.width, hanging=2)
    yield from wrap(plain(f"Then run: grade {exercise.id}"), page.width, indent=2)


def _paragraph(text: str, page: Page, *, indent: int = 0, style: Style = "plain") -> Lines:
    return wrap(((page.safe(text), style),), page.width, indent=indent)


def _total(report: Report) -> tuple[str, int, int]:
    """What is added up, the points and the most there could be.

    What the kit failed at is no zero: it is left out of both.
    """
    marked = [e for e in report.exercises if e.status != "error"]
    name = "Total" if len(marked) == len(report.exercises) else "Total of what was marked"
    return name, sum(e.points for e in marked), sum(e.max_points for e in marked)


def _points(points: int, max_points: int) -> str:
    return f"{points} of {counted(max_points, 'point')}"

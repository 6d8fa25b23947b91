"""A class as text for a terminal: what an instructor reads after `grade batch`."""

from collections.abc import Iterator

from grader.phrases import counted, first_of
from grader.report.lines import Line, Lines, Style, plain, wrap
from grader.report.page import Page, page_for
from grader.report.summary import BIN_NAMES, ClassSummary, ExerciseSummary
from grader.results import STATUSES

_STYLES: dict[str, Style] = {
    "passed": "good",
    "failed": "bad",
    "absent": "advice",
    "error": "bad",
    "manual": "advice",
    "missing": "dim",
}
_FINDINGS = 8
_REASONS, _NAMED = 20, 5
_BAR = 40


def class_text(summary: ClassSummary, width: int, *, ascii: bool = False) -> Lines:  # noqa: A002
    """A class in numbers: its exercises, its points, what failed most, and whom to look at."""
    page = page_for(width, ascii=ascii)
    learners = counted(summary.learners, "learner")
    lines: list[Line] = [((f"{learners}, {summary.handed_in:,} handed in", "strong"),), ()]
    lines += _exercises(summary.exercises, page)
    lines += [(), (("Points", "strong"),), *_distribution(summary, page)]
    if summary.findings:
        lines += [(), (("What failed most", "strong"),), *_findings(summary, page)]
    if summary.reasons:
        lines += [(), (("Who needs a person's eye, and why", "strong"),), *_reasons(summary, page)]
    return tuple(lines)


def _exercises(exercises: tuple[ExerciseSummary, ...], page: Page) -> Iterator[Line]:
    shown = [status for status in STATUSES if any(e.counts.get(status) for e in exercises)]
    yield ((" " * 4 + "".join(f"{status:>9}" for status in shown), "dim"),)
    for each in exercises:
        numbers = tuple(
            (f"{each.counts.get(status, 0):>9,}", _STYLES.get(status, "plain"))
            if each.counts.get(status)
            else (f"{'-':>9}", "dim")
            for status in shown
        )
        room = page.width - 4 - 9 * len(shown) - 2
        title = page.safe(each.title)
        shortened = title if len(title) <= room else title[: room - 3].rstrip() + page.ellipsis
        yield ((f"{each.id:<4}", "strong"), *numbers, (f"  {shortened}", "dim"))


def _distribution(summary: ClassSummary, page: Page) -> Iterator[Line]:
    most = max(summary.distribution) or 1
    block = "#" if page.ascii else "█"
    for name, count in zip(BIN_NAMES, summary.distribution, strict=True):
        bar = block * max(count * _BAR // most, 1 if count else 0)
        yield ((f" {name:<8}", "dim"), (f"{count:>6,}  ", "plain"), (bar, "plain"))


def _findings(summary: ClassSummary, page: Page) -> Iterator[Line]:
    for each in summary.findings[:_FINDINGS]:
        text = f"{each.failed:>6,} of {each.of:,}  {each.exercise} {each.check}: "
        yield from wrap(plain(text + page.safe(each.title)), page.width, hanging=8)
    yield from _more(len(summary.findings) - _FINDINGS, page)


def _reasons(summary: ClassSummary, page: Page) -> Iterator[Line]:
    for each in summary.reasons[:_REASONS]:
        named = first_of([page.safe(learner.shown) for learner in each.learners], _NAMED)
        why = page.safe(each.notice.removesuffix("."))
        line: Line = ((f"  {why}: ", "plain"), (named, "strong"))
        yield from wrap(line, page.width, hanging=4)
    yield from _more(len(summary.reasons) - _REASONS, page)


def _more(count: int, page: Page) -> Iterator[Line]:
    if count > 0:
        yield ((f"  {page.ellipsis} and {count:,} more: see the report", "dim"),)

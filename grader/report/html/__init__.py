"""The report of a class: a folder of pages that any browser opens from disk.

Each page holds all that it needs, so that one can be handed on alone. The pages of learners
have no script at all, and what a learner wrote is text on them, never HTML.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader.handed_in import HandedInFile, Learner
from grader.report.files import keep_file
from grader.report.html.class_page import class_page
from grader.report.html.learner_page import learner_page
from grader.report.html.names import PAGE
from grader.report.html.tally import Tally
from grader.report.html.words import link_to
from grader.results import Result

INDEX = "index.html"
LEARNERS = "learners"


def write_pages(
    folder: Path,
    results: Iterable[Result],
    files: Callable[[str], tuple[HandedInFile, ...]],
    *,
    title: str = "",
) -> Path:
    """Write a page for the class and one for each learner into `folder`; the class's page.

    `files` gives what was handed in under a digest. One result is held at a time, and one
    looked ahead at. A page that has not changed is not written again, and those of learners
    who are gone are taken away. Raises OSError where the folder cannot be written to.
    """
    learners = folder / LEARNERS
    learners.mkdir(parents=True, exist_ok=True)
    tally = Tally()
    for before, result, after in _with_neighbours(results):
        submission = result.submission
        page = learner_page(
            result,
            files(submission.digest) if submission is not None else (),
            before=link_to(before) if before else None,
            after=link_to(after) if after else None,
            title=title,
        )
        keep_file(learners / link_to(result.learner).page, page.encode())
        tally.add(result)
    index = folder / INDEX
    keep_file(index, class_page(tally, title=title).encode())
    _take_away(learners, {row.link.page for row in tally.rows})
    return index


def _with_neighbours(
    results: Iterable[Result],
) -> Iterator[tuple[Learner | None, Result, Learner | None]]:
    before: Learner | None = None
    current: Result | None = None
    for after in results:
        if current is not None:
            yield before, current, after.learner
            before = current.learner
        current = after
    if current is not None:
        yield before, current, None


def _take_away(folder: Path, kept: set[str]) -> None:
    """Remove pages of learners who are not in the class any more, and nothing else."""
    for path in folder.iterdir():
        if PAGE.fullmatch(path.name) and path.name not in kept:
            path.unlink()

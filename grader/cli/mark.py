"""`grade mark`: what a person decides stands above the kit's own marks."""

import math
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.checks import exercise, exercise_ids
from grader.cli.output import Output

if TYPE_CHECKING:
    from grader.batch.gradebook import Gradebook
    from grader.handed_in import Learner

_MOST_NAMED = 5
_OF_WORDS = 10.0
"""The most that a question in words can get, unless it is said."""


@click.command("mark")
@click.argument("words", nargs=-1, metavar="LEARNER EXERCISE POINTS [OUT]")
@click.option("-o", "out", metavar="OUT", type=click.Path(path_type=Path), help="The same as OUT.")
@click.option("--comment", default="", help="Why; the learner will read it.")
@click.option(
    "--max",
    "max_points",
    type=click.FloatRange(0, 10_000, min_open=True),
    metavar="POINTS",
    help=f"The most there could be, of a question in words. [default: {_OF_WORDS:g}]",
)
@click.option("--remove", is_flag=True, help="Take the mark away: the kit's own holds again.")
def mark(
    words: tuple[str, ...],
    out: Path | None,
    comment: str,
    max_points: float | None,
    remove: bool,
) -> int:
    """Give LEARNER so many POINTS for EXERCISE, whatever the kit says.

    LEARNER is an id, or a name or address that only one has. OUT is the folder of the gradebook:
    this one, or the only one here that has any, if left out. A mark survives every regrade. With
    --remove leave POINTS out.
    """
    from grader.batch.gradebook import Gradebook, GradebookError
    from grader.results import ManualMark

    number = 2 if remove else 3
    if not number <= len(words) <= number + (out is None):
        raise click.UsageError(
            "say who, what and how many points, as in: grade mark alice q1 7, or grade mark alice "
            "q1 --remove"
        )
    who, asked, *rest = words
    id_, most = _exercise(asked, max_points)
    points = None if remove else _points(rest.pop(0), id_, most)
    place = Path(rest[0]) if rest else out or _here()
    output = Output.of_terminal("text")
    try:
        with Gradebook.open(place) as book:
            learner = _learner(book, who)
            given = points is not None and ManualMark(
                points=points, max_points=most, comment=comment
            )
            book.set_mark(learner.id, id_, given or None)
    except GradebookError as error:
        raise click.UsageError(str(error)) from error
    if points is None:
        output.line(f"{learner.shown}: the kit's own mark for {id_} holds again.")
    else:
        output.line(f"{learner.shown}: {id_} {points:g} of {most:g} points, by hand.")
    return 0


def _points(word: str, id_: str, most: float) -> float:
    try:
        points = float(word)
    except ValueError:
        points = math.nan
    if not 0 <= points <= most:
        more = ", or say --max" if id_ not in exercise_ids() else ""
        raise click.UsageError(f"{word} is no number of points from 0 to {most:g}{more}.")
    return points


def _here() -> Path:
    """The folder of the gradebook in this one, if there is only one."""
    from grader.handed_in import GRADEBOOK

    found = [
        file.parent for file in (*Path().glob(GRADEBOOK), *sorted(Path().glob(f"*/{GRADEBOOK}")))
    ]
    if len(found) == 1:
        return found[0]
    what = "no gradebook is here" if not found else "several gradebooks are here"
    raise click.UsageError(f"{what}: name the folder of yours, as in: grade mark alice q1 7 OUT")


def _learner(book: "Gradebook", who: str) -> "Learner":
    """Whom this means: by id, or by what only one has."""
    learners = book.learners()
    wanted = who.casefold()
    for learner in learners:
        if learner.id == who:
            return learner
    found = [
        each
        for each in learners
        if wanted in {n.casefold() for n in (each.id, each.name, each.email, *each.ids.values())}
    ]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each.id for each in found[:_MOST_NAMED])
        raise click.UsageError(f"{len(found)} learners are called {who}: say which, by id: {ids}")
    near = [each for each in learners if wanted in f"{each.id} {each.name}".casefold()]
    like = ", ".join(each.id for each in (near or learners)[:_MOST_NAMED])
    raise click.UsageError(f"there is no learner {who}: there are {len(learners)}, such as {like}")


def _exercise(asked: str, max_points: float | None) -> tuple[str, float]:
    """The question that is meant, and the most points for it."""
    from grader.load import prose_ids

    id_ = asked.lower()
    known = sorted({*exercise_ids(), *prose_ids()})
    if id_ not in known:
        raise click.UsageError(f"there is no exercise {asked}: they are {', '.join(known)}.")
    if id_ not in exercise_ids():
        return id_, max_points or _OF_WORDS
    if max_points is not None:
        raise click.UsageError(f"--max is for questions in words: {id_} has its own.")
    return id_, exercise(id_).max_points

"""`grade export`: the results of a class in the formats of other systems."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import structs

from grader.cli.output import Output
from grader.cli.streams import complain
from grader.phrases import counted
from grader.report.export import FORMATS, SHEETS, SINGLE, WHOLE, single_json
from grader.report.export.names import FileNames
from grader.report.export.sheets import SheetError, read_sheet, sheet_bytes
from grader.report.export.standing import named, total, why_pending
from grader.report.files import UnwritableError, write_file, write_files
from grader.results import Result

if TYPE_CHECKING:
    from grader.batch.gradebook import Gradebook


@click.command("export")
@click.argument("folder", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    required=True,
    help="A table, the sheet of an LMS, or a document of another system.",
)
@click.option(
    "-o",
    "target",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="Where to write it; for a document each learner, a folder.",
)
@click.option(
    "--into",
    "sheet",
    type=click.Path(path_type=Path),
    metavar="SHEET",
    help="The sheet that Canvas or Moodle gives, which is filled in.",
)
@click.option("--column", metavar="NAME", help="Which column of the sheet to fill in.")
@click.option("--learner", metavar="ID", help="One learner alone.")
@click.option("--exercises", metavar="q3,q6", help="These exercises alone. [default: all]")
def export(
    folder: Path,
    form: str,
    target: Path,
    sheet: Path | None,
    column: str | None,
    learner: str | None,
    exercises: str | None,
) -> int:
    """Write the results in OUT, the folder of a batch, for other systems."""
    from grader.batch.gradebook import Gradebook, GradebookError

    _refuse_what_does_not_fit(form, sheet, column, learner)
    output = Output.of_terminal("text")
    try:
        with Gradebook.open(folder) as book:
            _refuse_the_gradebook(target, folder)
            ids = _asked(book, exercises)
            results = _only(_results(book, learner), ids)
            if sheet is not None:
                _fill(form, results, sheet, column, target, output)
            elif form in SINGLE:
                _write_single(form, results, target, output)
            else:
                _write_whole(form, results, ids, target, output)
    except (GradebookError, UnwritableError) as error:
        raise click.UsageError(str(error)) from error
    except SheetError as error:
        raise click.UsageError(f"{sheet} cannot be filled in: {error}") from error
    return 0


def _write_whole(
    form: str, results: Iterable[Result], ids: tuple[str, ...], target: Path, output: Output
) -> None:
    tally = _Tally()
    text = WHOLE[form](tally.passing(results), ids)
    write_file(target, (chunk.encode() for chunk in text))
    output.line(f"wrote {target}: {counted(tally.learners, 'learner')}")
    tally.tell(output)


def _fill(
    form: str,
    results: Iterable[Result],
    path: Path,
    column: str | None,
    target: Path,
    output: Output,
) -> None:
    filled = SHEETS[form](read_sheet(_content(path)), results, column)
    write_file(target, [sheet_bytes(filled.sheet)])
    output.line(f"wrote {target}: {path} with {counted(filled.rows, 'row')} filled in")
    for remark in filled.remarks:
        _remark(remark, output)


def _write_single(form: str, results: Iterable[Result], target: Path, output: Output) -> None:
    results = iter(results)
    first = [*islice(results, 2)]
    if not first:
        raise click.UsageError("the gradebook holds no learner yet: grade a batch first.")
    if len(first) == 1 and not target.is_dir():
        _write_one(form, first[0], target, output)
        return
    if target.suffix.lower() == ".json" or target.is_file():
        raise click.UsageError(
            f"{form} takes a document for each learner, and {target} is one file: name a folder "
            "with -o, or one learner with --learner ID."
        )
    tally, unscored = _Tally(), list[str]()
    files = _documents(form, tally.passing(chain(first, results)), unscored)
    written = write_files(target, files)
    if not written:
        raise click.UsageError(
            f"nobody has a score for {form} yet: grade again, or mark by hand. Nothing is written."
        )
    output.line(f"wrote {target}: {counted(written, 'document')}")
    tally.tell(output)
    if unscored:
        why = f"without a document, for {form} would take no score for zero"
        _remark(f"{counted(len(unscored), 'learner')} {why}: {named(unscored)}", output)


def _write_one(form: str, result: Result, target: Path, output: Output) -> None:
    document = SINGLE[form](result)
    if document is None:
        raise click.UsageError(
            f"{why_pending(result)} has no score yet, which {form} would take for zero: grade "
            "again, or mark by hand."
        )
    tally = _Tally()
    write_file(target, (single_json(document).encode() for _ in tally.passing([result])))
    output.line(f"wrote {target}: {result.learner.shown}")
    tally.tell(output)


def _documents(
    form: str, results: Iterable[Result], unscored: list[str]
) -> Iterator[tuple[str, bytes]]:
    names = FileNames(".json")
    for result in results:
        document = SINGLE[form](result)
        if document is None:
            unscored.append(result.learner.shown)
        else:
            yield names.of(result.learner.id), single_json(document).encode()


class _Tally:
    """Counts results as they go by, and those that have points to come."""

    def __init__(self) -> None:
        self.learners = 0
        self._pending: list[str] = []

    def passing(self, results: Iterable[Result]) -> Iterator[Result]:
        for result in results:
            self.learners += 1
            if total(result) is None:
                self._pending.append(why_pending(result))
            yield result

    def tell(self, output: Output) -> None:
        if self._pending:
            count = counted(len(self._pending), "learner")
            _remark(f"{count} with points still to come: {named(self._pending)}", output)


def _remark(remark: str, output: Output) -> None:
    """How many it is about among the results, and who it is beside them."""
    what, _, _ = remark.partition(":")
    output.line(f"  {what}")
    complain(remark)


def _refuse_what_does_not_fit(
    form: str, sheet: Path | None, column: str | None, learner: str | None
) -> None:
    if form in SHEETS and sheet is None:
        raise click.UsageError(
            f"--format {form} fills in the sheet that you downloaded: name it with --into SHEET."
        )
    if form not in SHEETS and (sheet is not None or column is not None):
        raise click.UsageError(f"--into and --column are for {' and '.join(SHEETS)}, not {form}.")
    if form in SHEETS and learner is not None:
        raise click.UsageError(f"--learner is not for {form}, whose sheet is of the whole class.")


def _refuse_the_gradebook(target: Path, folder: Path) -> None:
    from grader.handed_in import GRADEBOOK

    place = target.resolve()
    # SQLite keeps more beside it, whose names begin alike.
    if place.parent == folder.resolve() and place.name.startswith(GRADEBOOK):
        raise click.UsageError(f"{target} is the gradebook itself: name another file with -o.")


def _asked(book: "Gradebook", exercises: str | None) -> tuple[str, ...]:
    """The ids of the exercises to export, in the gradebook's order."""
    if exercises is None:
        return book.exercises
    asked = {id_.strip().lower() for id_ in exercises.split(",")} - {""}
    unknown = ", ".join(sorted(asked - {*book.exercises}))
    if unknown or not asked:
        raise click.UsageError(
            f"--exercises {exercises}: nobody has been graded for {unknown or 'that'}, but for "
            f"{', '.join(book.exercises) or 'nothing yet'}."
        )
    return tuple(id_ for id_ in book.exercises if id_ in asked)


def _results(book: "Gradebook", learner: str | None) -> Iterable[Result]:
    if learner is None:
        return book.results()
    found = book.result(learner)
    if found is None:
        raise click.UsageError(
            f"there is no learner {learner!r} in the gradebook: the ids are in the first column "
            "that --format csv writes."
        )
    return [found]


def _only(results: Iterable[Result], ids: tuple[str, ...]) -> Iterator[Result]:
    """The results with these exercises alone."""
    for result in results:
        asked = tuple(each for each in result.exercises if each.id in ids)
        yield structs.replace(result, exercises=asked)


def _content(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise click.UsageError(f"{path} is no file: name the CSV sheet that you downloaded.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.UsageError(f"{path} cannot be read: {error.strerror}.") from error

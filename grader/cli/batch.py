"""`grade batch`: a class at a time."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.checks import exercise_ids
from grader.cli.options import limits_asked, running_options, sandbox_asked
from grader.cli.output import Output
from grader.cli.streams import complain
from grader.load.layouts import LAYOUTS
from grader.settings import Settings

if TYPE_CHECKING:
    from grader.batch.batch import Asked, Progress
    from grader.batch.engine import Engine
    from grader.batch.gradebook import Gradebook
    from grader.load.collect import Collection
    from grader.run.rooms import Sandbox
    from grader.run.runner import ObserverName

INTERRUPTED = 130
TABLE, PAGES = "grades.csv", "report"
"""What a batch writes beside its gradebook."""


@click.command("batch")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH..."
)
@click.option(
    "-o",
    "out",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="OUT",
    help="The folder of the gradebook; the same command goes on where it stopped.",
)
@click.option(
    "-j",
    "workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="How many to grade at a time. [default: as many as keep the cores busy]",
)
@click.option("--exercises", metavar="q3,q6", help="Which to grade. [default: all]")
@click.option("--cluster", metavar="ADDRESS", help="A dask scheduler, whose workers do the work.")
@click.option(
    "--layout", default="auto", metavar="NAME", help=f"What it is: {', '.join(LAYOUTS)}."
)
@click.option(
    "--learner-pattern",
    metavar="REGEX",
    help="How a file's path tells whose it is: its group `learner`.",
)
@click.option(
    "--roster",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="CSV",
    help="Who is in the class; tells who has not handed in.",
)
@click.option("--regrade", is_flag=True, help="Grade again what has been graded before.")
@click.option("--portable", is_flag=True, help="Look at other start methods too.")
@running_options
def batch(
    paths: tuple[Path, ...],
    out: Path,
    workers: int | None,
    exercises: str | None,
    cluster: str | None,
    layout: str,
    learner_pattern: str | None,
    roster: Path | None,
    regrade: bool,
    portable: bool,
    form: str,
    sandbox: "Sandbox",
    observer: "ObserverName",
) -> int:
    """Grade a class: folders, files, or the archives that an LMS gives.

    OUT holds the gradebook, grades.csv and the report. Whatever ends it, what was graded is
    kept, and the same command goes on.
    """
    from grader.batch.batch import Asked
    from grader.batch.database import GradebookError
    from grader.batch.engine import EngineError
    from grader.load.collect import collect

    asked = Asked(
        ids=_ids(exercises),
        settings=Settings(
            limits=limits_asked(),
            portable=portable,
            observer=observer,
            sandbox=sandbox if cluster else _same_for_all(sandbox_asked(sandbox)),
        ),
        again=regrade,
    )
    output = Output.of_terminal(form)
    _refuse_its_own_folder(out, paths)
    engine = _engine(workers, cluster, asked.settings)
    with collect(
        paths, layout=layout, learner_pattern=learner_pattern, roster=roster
    ) as collection:
        _tell_what_was_found(collection, asked.settings.sandbox, output)
        try:
            return _graded(out, collection, asked, engine, output)
        except (GradebookError, EngineError) as error:
            raise click.UsageError(str(error)) from error


def _ids(asked: str | None) -> tuple[str, ...]:
    """The exercises asked for; all questions, also those in words, unless some are."""
    from grader.load import prose_ids

    known = tuple(sorted({*exercise_ids(), *prose_ids()}, key=lambda id_: int(id_[1:])))
    if asked is None:
        return known
    ids = tuple(dict.fromkeys(word.strip().lower() for word in asked.split(",") if word.strip()))
    for id_ in ids:
        if id_ not in known:
            raise click.UsageError(f"there is no exercise {id_}: they are {', '.join(known)}.")
    if not ids:
        raise click.UsageError("--exercises names none: write, say, --exercises q3,q6")
    return ids


def _same_for_all(wanted: "Sandbox") -> "Sandbox":
    """A sandbox for all workers here, or for none: what is to be had is found out once."""
    from grader.batch.work import without_sandbox
    from grader.run import keepers

    if wanted == "auto":
        wanted = "off" if without_sandbox() else "require"
    keepers.close()  # no program runs in this process
    return wanted


def _engine(
    workers: int | None, cluster: str | None, settings: Settings
) -> Callable[["Gradebook"], "Engine"]:
    if cluster is None:
        from grader.batch.engine import LocalEngine
        from grader.batch.spare import most_at_a_time, number_of_cores

        cores = number_of_cores()
        most = workers or most_at_a_time(cores, settings.limits.memory)
        return lambda book: LocalEngine(workers or cores, book.new_workplace(), most)
    try:
        from grader.batch.cluster import ClusterEngine
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"--cluster needs dask.distributed ({error}): pip install "
            "'multiprocessing-grader[cluster]'"
        ) from error
    if workers is not None:
        raise click.UsageError("-j is for the cores of this machine: a cluster has its workers.")
    return lambda _: ClusterEngine(cluster, sandboxed=settings.sandbox == "require")


def _refuse_its_own_folder(out: Path, paths: Sequence[Path]) -> None:
    if any(path.resolve() == out.resolve() for path in paths):
        raise click.UsageError(
            f"{out} cannot be both what was handed in and what the gradebook goes into: give -o "
            "another folder."
        )


def _tell_what_was_found(collection: "Collection", sandbox: "Sandbox", output: Output) -> None:
    if sandbox == "off":
        complain("without a sandbox, what was handed in can do all that you can: see README.md.")
    if output.form == "json":
        return
    for sentence in collection.layout.splitlines():
        output.line(sentence)
    for remark in collection.remarks:
        output.line(f"  {remark}")


def _graded(
    out: Path,
    collection: "Collection",
    asked: "Asked",
    engine: Callable[["Gradebook"], "Engine"],
    output: Output,
) -> int:
    """Grade, keep, and tell; the command's exit code."""
    from grader.batch.batch import grade_class
    from grader.batch.database import only_one
    from grader.batch.gradebook import Gradebook
    from grader.cli.progress import shown_progress

    done = 0
    with only_one(out), Gradebook.create(out) as book:
        try:
            with shown_progress(live=output.live, colour=output.colour) as tell:

                def keep(progress: "Progress") -> None:
                    nonlocal done
                    done = progress.done
                    tell(progress)

                progress = grade_class(
                    book, collection.handed_in, collection.missing, engine, asked, keep
                )
            _write(out, book, output)
        except KeyboardInterrupt:
            book.clear_workplace()
            complain(
                f"interrupted: {done:,} of {len(collection.handed_in):,} are graded and saved; "
                "the same command goes on."
            )
            return INTERRUPTED
        _tell(out, book, collection, output)
    return 1 if progress.counts["error"] else 0


def _write(out: Path, book: "Gradebook", output: Output) -> None:
    """The table and the pages of the class, unless they tell it all already."""
    from grader.report.export import WHOLE
    from grader.report.files import UnwritableError, write_file
    from grader.report.html import write_pages

    table, pages = out / TABLE, out / PAGES
    if book.is_told and table.is_file() and (pages / "index.html").is_file():
        return
    revision = book.revision
    try:
        rows = WHOLE["csv"](book.results(), book.exercises)
        write_file(table, (row.encode() for row in rows))
        with output.progress("Writing the report ..."):
            write_pages(pages, book.results(traces=True), book.files, title=out.resolve().name)
    except UnwritableError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(
            f"all is graded and saved, but {pages} cannot be written: {error.strerror or error}. "
            "Mend that, and give the same command again."
        ) from error
    book.keep_told(revision)


def _tell(out: Path, book: "Gradebook", collection: "Collection", output: Output) -> None:
    from grader.handed_in import GRADEBOOK
    from grader.report.summary import BatchDocument, summarise

    summary = summarise(book.results())
    if output.form == "json":
        from grader.report.as_json import record_json

        found = tuple(collection.layout.splitlines())
        click.echo(record_json(BatchDocument(found, collection.remarks, summary)))
        return
    from grader.phrases import counted
    from grader.report.class_text import class_text

    output.lines(class_text(summary, output.width, ascii=output.ascii))
    learners = (*(each.learner for each in collection.handed_in), *collection.missing)
    if others := book.others(learners):
        output.line("")
        output.line(
            f"The gradebook holds {counted(len(others), 'learner')} of earlier batches too."
        )
    output.line("")
    output.line(f"Gradebook: {out / GRADEBOOK}, table: {out / TABLE},")
    output.line(f"report: {out / PAGES / 'index.html'}")

"""`grade report`: the pages of a class."""

from pathlib import Path

import click


@click.command("report")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
def report(out: Path) -> int:
    """Write the pages of a class that was graded into OUT/report.

    OUT is the folder that `grade batch` was given with -o. Open OUT/report/index.html in
    any browser.
    """
    from grader.batch.gradebook import Gradebook, GradebookError
    from grader.cli.output import Output
    from grader.report.html import write_pages

    if not out.is_dir():
        raise click.UsageError(
            f"there is no folder {out}: name the one that `grade batch` was given with -o."
        )
    folder = out / "report"
    try:
        with Gradebook.open(out) as book:
            index = write_pages(
                folder, book.results(traces=True), book.files, title=out.resolve().name
            )
    except GradebookError as error:
        raise click.UsageError(str(error)) from error
    except OSError as error:
        raise click.UsageError(
            f"the pages cannot be written to {folder}: {error.strerror or error}. "
            "Make room, or see that you may write there."
        ) from error
    Output.of_terminal("text").line(str(index))
    return 0

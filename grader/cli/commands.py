"""What can be said to `grade`."""

import os
import re
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.checks import exercise_ids
from grader.cli.options import limits_asked, running_options, sandbox_asked
from grader.cli.output import Output
from grader.cli.streams import complain
from grader.grading import grade
from grader.load import (
    LARGEST_NOTEBOOK,
    LARGEST_SOURCE,
    Missing,
    NotAProgramError,
    content,
    find_exercises,
    holds_prose,
    is_there,
    load,
    prose_ids,
)
from grader.run import keepers
from grader.settings import Settings

if TYPE_CHECKING:
    from grader.run.rooms import Sandbox
    from grader.run.runner import ObserverName

ALL = "all"

_EXERCISE = re.compile(r"[qQ]\d+")


class _Grade(click.Group):
    """A group in which the name of an exercise, or nothing, is a command too. What a class needs
    is imported only when it is asked for.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See click."""
        options = ("--help", "--version")
        if not args or args[0] not in (*self.list_commands(ctx), *options):
            args = [_GRADE_EXERCISES, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """See click."""
        return sorted((*super().list_commands(ctx), *_OF_A_CLASS))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """See click."""
        if cmd_name in _OF_A_CLASS:
            module = import_module(f"grader.cli.{_OF_A_CLASS[cmd_name]}")
            found: click.Command = getattr(module, cmd_name)
            return found
        return super().get_command(ctx, cmd_name)


_OF_A_CLASS = {"batch": "batch", "export": "export", "mark": "mark", "report": "pages"}
"""The commands for a whole class, and their modules."""


_GRADE_EXERCISES = "exercises"


@click.group(
    cls=_Grade,
    context_settings={"help_option_names": ["--help"], "max_content_width": 80},
    epilog="Without a command: `grade q6 [PATH]` grades one exercise, `grade q3 q5 [PATH]` "
    "several, `grade all [PATH]` all; bare `grade` shows where you stand.",
)
@click.version_option(package_name="multiprocessing-grader", message="%(version)s")
def cli() -> None:
    """Grade exercises in Python's multiprocessing by what their processes really do."""


@cli.command(_GRADE_EXERCISES, hidden=True)
@click.argument("words", nargs=-1, metavar="[EXERCISE]... [PATH]")
@click.option("--no-portable", is_flag=True, help="Do not look at other start methods.")
@click.option(
    "--executed",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.ipynb",
    help="Where to write the notebook with what its cells printed.",
)
@running_options
def grade_exercises(
    words: tuple[str, ...],
    no_portable: bool,
    executed: Path | None,
    form: str,
    sandbox: "Sandbox",
    observer: "ObserverName",
) -> int:
    """Grade exercises."""
    ids, path = _exercises_and_path(words)
    settings = Settings(
        limits=limits_asked(),
        # Where one stands is asked often, and wants no advice.
        portable=bool(ids) and not no_portable,
        observer=observer,
        sandbox=sandbox_asked(sandbox),
    )
    place = _place(ids, path)
    _refuse_what_it_cannot_have(ids, place, executed)
    if ALL in words and holds_prose(place):
        ids = tuple(sorted({*ids, *prose_ids()}))
    output = Output.of_terminal(form)
    with output.progress(f"Running {place} ..."):
        report = grade(
            place, ids or exercise_ids(), settings, executed=executed, meanwhile=output.prepare
        )
    keepers.dismiss()
    output.report(report, short=not ids)
    if any(exercise.status == "error" for exercise in report.exercises):
        return 3
    return 0 if report.passed else 1


@cli.command("trace")
@click.argument("file", type=click.Path(path_type=Path))
@running_options
def trace_program(file: Path, form: str, sandbox: "Sandbox", observer: "ObserverName") -> int:
    """Show what any program's processes do, without marks."""
    from grader.run.runner import run

    if not is_there(file) or not file.is_file():
        raise click.UsageError(f"there is no file {file}: name a Python program.")
    if file.suffix.lower() == ".ipynb":
        raise click.UsageError(f"{file} is a notebook: its picture comes with grade all {file}")
    content(file, LARGEST_SOURCE)  # which has to be possible
    limits, wanted = limits_asked(), sandbox_asked(sandbox)
    output = Output.of_terminal(form)
    with output.progress(f"Running {file} ..."):
        trace = run(file, limits, observer=observer, sandbox=wanted)
    output.trace(trace)
    return 0


@cli.command("hint")
@click.argument("words", nargs=-1, metavar="EXERCISE [PATH]")
def give_hint(words: tuple[str, ...]) -> int:
    """Show one more hint on what is to be fixed first."""
    from grader.hints import next_hint, read_shown, write_shown

    ids, path = _exercises_and_path(words)
    if len(ids) != 1:
        raise click.UsageError("say which exercise the hint is for, as in: grade hint q6")
    place = _place(ids, path)
    output = Output.of_terminal("text")
    with output.progress(f"Running {place} ..."):
        report = grade(place, ids, Settings(portable=False, limits=limits_asked()))
    if report.exercises[0].status == "error":
        complain(report.exercises[0].note)
        return 3
    found = next_hint(report.exercises[0], read_shown(place))
    if found is None:
        output.line(f"{ids[0]} passed: there is nothing to give a hint on.")
        return 0
    hint, shown = found
    try:
        write_shown(place, shown)
    except OSError as error:
        complain(f"how far you are cannot be remembered: {error}")
    output.line(f"{ids[0]}: {hint.title} ({hint.check})")
    output.line(f"Hint {hint.number} of {hint.of}: {hint.text}")
    return 0


@cli.command("watch")
@click.argument("words", nargs=-1, metavar="[EXERCISE]... [PATH]")
@running_options
def watch_exercises(
    words: tuple[str, ...],
    form: str,
    sandbox: "Sandbox",
    observer: "ObserverName",
) -> int:
    """Grade again at each save, until Ctrl-C."""
    from watchfiles import PythonFilter, watch

    ids, path = _exercises_and_path(words)
    place = _place(ids, path)
    settings = Settings(
        limits=limits_asked(),
        portable=False,
        observer=observer,
        sandbox=sandbox_asked(sandbox),
    )
    output = Output.of_terminal(form)

    def show() -> None:
        output.clear()
        with output.progress(f"Running {place} ..."):
            report = grade(place, ids or exercise_ids(), settings)
        output.report(report, short=not ids)
        output.note(f"Watching {place}: save it to grade again, Ctrl-C to stop.")

    show()
    # A folder, since editors replace a file when they save it.
    folder = place if place.is_dir() else place.parent
    seen = _contents(folder)
    with suppress(KeyboardInterrupt):
        for _changes in watch(folder, watch_filter=PythonFilter(extra_extensions=(".ipynb",))):
            # An answer may itself write programs here, each time anew.
            if _contents(folder) != seen:
                show()
                seen = _contents(folder)
    output.note("")
    return 0


def _contents(folder: Path) -> dict[Path, int]:
    """What the programs and notebooks of a folder hold, as numbers to compare."""
    found: dict[Path, int] = {}
    for path in folder.iterdir():
        with suppress(NotAProgramError):
            if path.suffix in (".py", ".ipynb"):
                found[path] = hash(content(path, LARGEST_NOTEBOOK))
    return found


@cli.command("verify")
@click.argument(
    "root", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path()
)
def verify_kit(root: Path) -> int:
    """Prove that the kit at ROOT holds: solutions, skeletons, known-wrong answers."""
    from grader.verify import verify

    output = Output.of_terminal("text")
    result = verify(root, progress=output.note)
    for violation in result.violations:
        output.line(f"{violation.file}: {violation.rule}")
        output.line(f"    {violation.remedy}")
    output.line(result.summary)
    return 1 if result.violations else 0


@cli.command("handout")
@click.argument("target", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--solutions",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("solutions"),
    show_default=True,
    help="Where the reference solutions are.",
)
def make_handout(target: Path | None, solutions: Path) -> int:
    """Write what learners get, programs and notebooks, into TARGET.

    TARGET is exercises/ beside solutions/ if left out.
    """
    from grader.skeleton import MarkerError, write_skeletons

    output = Output.of_terminal("text")
    target = target or solutions.absolute().parent / "exercises"
    try:
        for path in write_skeletons(solutions, target):
            output.line(f"wrote {path}")
    except MarkerError as error:
        raise click.UsageError(str(error)) from error
    return 0


def _exercises_and_path(words: Sequence[str]) -> tuple[tuple[str, ...], Path | None]:
    """The exercises asked for, each once, and the submission, from what was typed."""
    ids: list[str] = []
    paths: list[str] = []
    for word in words:
        if word == ALL:
            ids += exercise_ids()
        elif _EXERCISE.fullmatch(word):
            ids.append(_known(word.lower()))
        else:
            paths.append(word)
    if len(paths) > 1:
        raise click.UsageError(
            f"one submission at a time, not {' and '.join(paths)} (a command is one of: "
            f"{_commands()}; an exercise one of: {', '.join(exercise_ids())})."
        )
    path = Path(paths[0]) if paths else None
    if path is not None and not is_there(path):
        raise click.UsageError(
            f"there is no file, folder, command or exercise {paths[0]!r}: exercises are "
            f"{', '.join(exercise_ids())} and all, commands are {_commands()}."
        )
    if path is not None and not ids:
        raise click.UsageError(f"say which exercise to grade: grade all {paths[0]}")
    return tuple(dict.fromkeys(ids)), path


def _known(id_: str) -> str:
    if id_ not in exercise_ids() and id_ not in prose_ids():
        raise click.UsageError(
            f"there is no exercise {id_}: it is one of {', '.join(exercise_ids())}, or all."
        )
    return id_


def _refuse_what_it_cannot_have(ids: Sequence[str], place: Path, executed: Path | None) -> None:
    """Questions in words are in whole assignments, and only a notebook can be executed."""
    words = [id_ for id_ in ids if id_ not in exercise_ids()]
    if words and not holds_prose(place):
        raise click.UsageError(
            f"{words[0]} is answered in words, which {place} does not hold: exercises are "
            f"{', '.join(exercise_ids())}; name a notebook that holds all answers."
        )
    if executed is None:
        return
    if place.suffix.lower() != ".ipynb":
        raise click.UsageError(f"--executed needs a notebook, and {place} is none.")
    if not executed.absolute().parent.is_dir() or executed.suffix != ".ipynb":
        raise click.UsageError(
            f"--executed {executed}: name a file that ends in .ipynb, in a folder that there is."
        )
    if not os.access(executed if executed.exists() else executed.absolute().parent, os.W_OK):
        raise click.UsageError(f"--executed {executed} cannot be written: choose another place.")


def _commands() -> str:
    shown = [name for name, command in cli.commands.items() if not command.hidden]
    return ", ".join((*shown, *_OF_A_CLASS))


def _place(ids: Sequence[str], path: Path | None) -> Path:
    """Where the submission is: as said, or the folder exercises here or above."""
    if path is not None:
        return path
    folder = find_exercises(Path.cwd())
    if folder is None:
        raise click.UsageError(
            "there is no folder exercises here or above: go to where the exercises are, or "
            "name a file, as in: grade q6 my_answer.py"
        )
    shown = _relative(folder)
    if len(ids) != 1:
        return shown
    answer = load(shown, ids[0])
    if not isinstance(answer, Missing):
        return answer.path
    file = shown / f"{ids[0]}.py"
    return file if file.exists() else shown


def _relative(folder: Path) -> Path:
    try:
        return folder.relative_to(Path.cwd())
    except ValueError:
        return folder

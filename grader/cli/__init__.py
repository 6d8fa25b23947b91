"""The `grade` command: it parses, calls, prints, and says how it went by its exit code."""

import signal
from collections.abc import Sequence
from types import FrameType

import click

from grader.cli.commands import cli
from grader.load import NotAProgramError

PASSED, FAILED, USAGE, BROKEN = 0, 1, 2, 3
INTERRUPTED = 128 + signal.SIGINT


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code.

    0: everything asked for passed. 1: something failed or is absent. 2: it was used
    wrongly, and one line says how. 3: the kit itself failed.
    """
    for number in _POLITE:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _interrupt)
    try:
        code = cli.main(args=arguments, prog_name="grade", standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"grade: {_one_line(error.format_message())}", err=True)
        return USAGE
    except NotAProgramError as error:
        click.echo(f"grade: {_one_line(str(error))}", err=True)
        return USAGE
    except (click.Abort, KeyboardInterrupt):  # click has ended the line that ^C stands on
        click.echo("grade: interrupted; every process it started is gone.", err=True)
        return INTERRUPTED
    except Exception as error:
        click.echo(f"grade: the kit itself failed: {_described(error)}", err=True)
        return BROKEN
    return code if isinstance(code, int) else PASSED


_POLITE = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second one would interrupt the cleaning up.
    for number in _POLITE:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _described(error: Exception) -> str:
    """An error of ours in one line, with its place, so that it can be reported."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" ({place.tb_frame.f_code.co_filename}:{place.tb_lineno})" if place else ""
    return _one_line(f"{type(error).__name__}: {error}{where}. Please report this line.")

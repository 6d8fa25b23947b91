"""The options of every command that runs a program."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.limits import BOUNDS, Bound, ConfigurationError, configured, limits_from
from grader.trace import Limits

if TYPE_CHECKING:
    from grader.run.rooms import Sandbox

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _limit_option(bound: Bound) -> Callable[[_Command], _Command]:
    least, most = bound.least, bound.most
    return click.option(
        f"--{bound.name}",
        type=click.IntRange(int(least), int(most))
        if bound.is_whole
        else click.FloatRange(least, most),
        metavar={"s": "SECONDS", "MiB": "MIB"}.get(bound.unit, "NUMBER"),
        expose_value=False,
        callback=_keep_limit,
        help=f"{bound.help} [default: {bound.default:g}]",
    )


def _keep_limit(context: click.Context, option: click.Parameter, value: float | None) -> None:
    name = (option.name or "").replace("_", "-")
    if value is not None and not math.isfinite(value):
        raise click.UsageError(f"--{name} {value}: give a number of seconds, as in 20.")
    if value is not None:
        context.meta.setdefault(_LIMITS, {})[name] = value


_LIMITS = "grader.limits"


def running_options(command: _Command) -> _Command:
    """The options of every command that runs a program."""
    for option in (
        click.option(
            "--format",
            "form",
            type=click.Choice(["text", "json"]),
            default="text",
            help="What to print: a report to read, or one JSON document.",
        ),
        *map(_limit_option, reversed(BOUNDS)),
        click.option(
            "--sandbox",
            type=click.Choice(["auto", "require", "off"]),
            default="auto",
            help="auto: bubblewrap, where it works; require: that or nothing; off: none.",
        ),
        click.option(
            "--observer",
            type=click.Choice(["auto", "linux", "portable"]),
            default="auto",
            help="How to observe; auto takes the kernel's evidence where there is any.",
        ),
    ):
        command = option(command)
    return command


def sandbox_asked(wanted: "Sandbox") -> "Sandbox":
    """What sandbox was asked for, if there is one where it is required."""
    if wanted == "require":
        from grader.run import keepers

        try:
            keepers.require_sandbox()
        except keepers.UnavailableError as error:
            raise click.UsageError(
                f"there is no sandbox here: {error}. Without one, --sandbox off grades what "
                "you would run yourself."
            ) from error
    return wanted


def limits_asked() -> Limits:
    """The limits as they stand on the command line, or else in the configuration."""
    try:
        said = configured(Path.cwd())
    except ConfigurationError as error:
        raise click.UsageError(str(error)) from error
    return limits_from(said | click.get_current_context().meta.get(_LIMITS, {}))

"""What was measured, as the Markdown that README.md shows."""

from collections.abc import Iterator

from msgspec import Struct

from tests.benchmarks.machine import Machine
from tests.benchmarks.measuring import Figure, Series, Spread


class Document(Struct, frozen=True, kw_only=True):
    """All that a run has to tell: `series` are the raw numbers, `figures` what follows."""

    schema: int = 1
    machine: Machine
    number: int
    rounds: int
    time_limit: float
    series: tuple[Series, ...]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...]


def markdown(document: Document) -> str:
    """The table, and below it where it was made."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Document) -> Iterator[str]:
    yield "| what | measured | against | ratio | wanted |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for figure in document.figures:
        unit, shown = figure.row.unit, figure.row.shown
        value = f"{_number(figure.value.median)} {unit}"
        base = f"{_number(figure.base.median)} {unit}" if figure.base else ""
        ratio = _ratio(figure.ratio, shown) if figure.ratio else _range(figure.value)
        yield f"| {figure.row.what} | {value} | {base} | {ratio} | {figure.row.wanted} |"
    machine = document.machine
    yield ""
    yield (
        f"Medians (smallest - largest) of {document.rounds} rounds by turns, "
        f"{machine.date}; kit {machine.kit} ({machine.commit or 'commit not known'}), "
        f"{machine.python}, {machine.kernel}, {machine.cores} cores ({machine.processor}), "
        f"{machine.memory / 2**30:.1f} GiB; time limit {document.time_limit:g} s."
    )
    for note in document.notes:
        yield ""
        yield note


def _ratio(ratio: Spread, shown: str) -> str:
    median, least, most = map(shown.format, (ratio.median, ratio.least, ratio.most))
    return f"**{median}** ({least} - {most})"


def _range(value: Spread) -> str:
    return f"({_number(value.least)} - {_number(value.most)})"


def _number(number: float) -> str:
    """Three digits that count, and no power of ten."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"

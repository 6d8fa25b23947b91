"""Measuring by turns, and what the numbers say: records, and functions from one to the next."""

import statistics
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

Measures = Mapping[str, float]
"""What one call of a contender gave, by name: "seconds", "rate" ..."""


class Contender(Struct, frozen=True):
    """Something that is measured: it does its work once and tells what that took."""

    name: str
    run: Callable[[], Measures]


class Source(Struct, frozen=True):
    """A series of numbers: one measure of one contender."""

    contender: str
    measure: str


class Row(Struct, frozen=True, kw_only=True):
    """A line of the table: a series, and what it is compared with. `shown` is how the ratio is
    written: 1.25, or 12.5 %. `wanted` is what the kit is to reach.
    """

    what: str
    unit: str
    value: Source
    base: Source | None = None
    shown: str = "{:.2f}"
    wanted: str = ""


class Plan(Struct, frozen=True, kw_only=True):
    """What is measured together: each contender `repeats` times in each round, by turns. `notes`
    tell what cannot be measured here, and why.
    """

    contenders: tuple[Contender, ...] = ()
    rows: tuple[Row, ...] = ()
    repeats: int = 1
    notes: tuple[str, ...] = ()


class Series(Struct, frozen=True):
    """The raw numbers of a contender, by measure, in the order in which they were taken."""

    contender: str
    measures: dict[str, tuple[float, ...]]


class Spread(Struct, frozen=True):
    """The middle of some numbers, the smallest and the largest."""

    median: float
    least: float
    most: float


class Figure(Struct, frozen=True, kw_only=True):
    """A row with its numbers. The ratio is that of each value to the one of the base that was
    taken in the same turn, so that both met the same neighbours.
    """

    row: Row
    value: Spread
    base: Spread | None = None
    ratio: Spread | None = None


def measured(
    plans: Sequence[Plan], rounds: int, tell: Callable[[str], None]
) -> tuple[Series, ...]:
    """Call all contenders by turns, and give what they told."""
    taken: dict[str, dict[str, list[float]]] = {}
    for turn in range(rounds):
        for plan in plans:
            for _ in range(plan.repeats):
                for contender in plan.contenders:
                    tell(f"round {turn + 1} of {rounds}: {contender.name}")
                    series = taken.setdefault(contender.name, {})
                    for measure, number in contender.run().items():
                        series.setdefault(measure, []).append(number)
    return tuple(
        Series(name, {measure: tuple(numbers) for measure, numbers in each.items()})
        for name, each in taken.items()
    )


def figures(rows: Sequence[Row], series: Sequence[Series]) -> tuple[Figure, ...]:
    """What the rows say, of those whose numbers could be taken here."""
    numbers = {
        Source(each.contender, measure): values
        for each in series
        for measure, values in each.measures.items()
    }
    wanted = (row for row in rows if {row.value, row.base or row.value} <= numbers.keys())
    return tuple(_figure(row, numbers) for row in wanted)


def _figure(row: Row, numbers: Mapping[Source, Sequence[float]]) -> Figure:
    values = numbers[row.value]
    if row.base is None:
        return Figure(row=row, value=spread(values))
    base = numbers[row.base]
    return Figure(row=row, value=spread(values), base=spread(base), ratio=ratios(values, base))


def ratios(values: Sequence[float], base: Sequence[float]) -> Spread:
    """The spread of the ratios, each of two numbers of the same turn."""
    return spread([value / of for value, of in zip(values, base, strict=True)])


def spread(numbers: Sequence[float]) -> Spread:
    """The spread of some numbers, at least one."""
    return Spread(statistics.median(numbers), min(numbers), max(numbers))

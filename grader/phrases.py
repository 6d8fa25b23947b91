"""Numbers and names in a sentence."""

from collections.abc import Sequence


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 task", "2,000 tasks"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def first_of(names: Sequence[str], at_most: int) -> str:
    """Names in a row, of many the first: "Ada, Bob and 7 more"."""
    more = len(names) - at_most
    shown = ", ".join(names[:at_most])
    return f"{shown} and {more:,} more" if more > 0 else shown

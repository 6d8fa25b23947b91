"""Two who are called nearly the same stay two, whatever an id leaves out of a name."""

import re
from collections import defaultdict
from collections.abc import Iterable

from msgspec.structs import replace

from grader.load.layouts.base import Entry, tidy

_LEFT_OUT = re.compile(r"^ +| +$|(?<=\s) +|[^\S ]|[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What `tidy` leaves out of a name: blanks around it, all but one within, control characters."""


def told_apart(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    r"""The entries, where no two names have one id.

    Of `bob` and ` bob` the former keeps it, and the latter's shows what is special of it,
    `\x20bob`. Nothing else is a learner's id: a path never has a backslash.
    """
    every = tuple(entries)
    names: dict[str, set[str]] = defaultdict(set)
    for entry in every:
        names[tidy(entry.named)].add(entry.named)
    names[""].add("")  # whose name has nothing else
    return tuple(
        _as_spelled(entry) if len(names[tidy(entry.named)]) > 1 else entry for entry in every
    )


def _as_spelled(entry: Entry) -> Entry:
    if not entry.named:
        return entry
    plain, spelled = tidy(entry.named), tidy(_LEFT_OUT.sub(_escaped, entry.named))
    learner = entry.learner
    name = spelled if learner.name == plain else learner.name
    return replace(entry, learner=replace(learner, id=spelled, name=name))


def _escaped(found: re.Match[str]) -> str:
    return "".join(f"\\x{ord(c):02x}" if ord(c) < 0x100 else f"\\u{ord(c):04x}" for c in found[0])

"""The conventions by which downloads say who handed in what, one file for each."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from grader.load.layouts import canvas, classroom, gradescope, moodle, nbgrader, pattern
from grader.load.layouts.apart import told_apart
from grader.load.layouts.base import (
    OPENED,
    PROGRAMS,
    CollectError,
    Entry,
    Item,
    Listing,
    Reading,
    inside,
    natural,
    some,
    split_suffix,
    tidy,
)
from grader.load.layouts.folders import (
    EXAMPLES,
    read_any,
    read_files,
    read_folders,
)
from grader.load.layouts.moodle import participant
from grader.load.layouts.pattern import compiled
from grader.load.members import Tree, shown, without_junk

__all__ = [
    "LAYOUTS",
    "PROGRAMS",
    "CollectError",
    "Entry",
    "Reading",
    "compiled",
    "natural",
    "participant",
    "recognised",
    "some",
    "tidy",
    "told_apart",
]

_SYSTEMS = (gradescope, moodle, canvas, nbgrader, classroom)
"""The layouts of systems, the most specific first."""

_OF_SYSTEMS: dict[str, Callable[[Listing], Reading]] = {
    layout.NAME: layout.read for layout in _SYSTEMS
}
_READ = {**_OF_SYSTEMS, "folders": read_folders, "files": read_files}
_EXAMPLES = {layout.NAME: layout.EXAMPLE for layout in _SYSTEMS} | EXAMPLES

LAYOUTS = ("auto", "canvas", "moodle", "gradescope", "classroom", "nbgrader", "folders", "files")
"""What `--layout` may be."""


def recognised(tree: Tree, layout: str, by: re.Pattern[str] | None) -> Reading:
    """Who handed in what of a download. Raises CollectError, to follow its path and a colon."""
    listings = _listings(tree)
    if not listings[0].items:
        raise CollectError("there is no file in it: name the download, or the folder of a class.")
    if by is not None:
        reading = _first([pattern.read(listing, by) for listing in listings])
    elif layout == "auto":
        reading = _surest(listings)
    else:
        read = _READ[layout]
        reading = _first([read(listing) for listing in listings])
    if reading.refused:
        raise CollectError(reading.refused)
    if not reading.entries:
        raise CollectError(_nothing(listings[0], layout, by))
    return replace(reading, entries=told_apart(reading.entries))


def _listings(tree: Tree) -> list[Listing]:
    """The files of a tree, without the folder that wraps them all; and with it if there is one."""
    items = [Item(path, m) for m in without_junk(tree.members) if (path := inside(m.path))]
    name = split_suffix(tree.name)[0] if tree.name.lower().endswith(OPENED) else tree.name
    whole = Listing(name, tuple(items), tree.read)
    tops = {item.path.partition("/")[0] for item in items if "/" in item.path}
    if len(tops) != 1 or any("/" not in item.path for item in items):
        return [whole]
    (top,) = tops
    bare = tuple(Item(item.path.partition("/")[2], item.member) for item in items)
    return [Listing(top, bare, tree.read), whole]


def _first(readings: list[Reading]) -> Reading:
    """The first that makes most of the files somebody's, or else the one that makes the most."""
    for reading in readings:
        if _share(reading) > 0.5:
            return reading
    return max(readings, key=_share)


def _share(reading: Reading) -> float:
    every = len(reading.entries) + len(reading.strays)
    return len(reading.entries) / every if every else 0.0


def _surest(listings: list[Listing]) -> Reading:
    """What most speaks for: a system's own names for half of the files at least.

    Everything can be read as a class sorted by hand, so that is what is left.
    """
    readings = [(name, read(here)) for name, read in _OF_SYSTEMS.items() for here in listings]
    fitting = [(name, reading) for name, reading in readings if reading.sure]
    name, best = max(fitting, key=lambda found: _share(found[1]), default=("", None))
    if best is not None and _share(best) >= 0.5:
        return best
    by_hand = read_any(listings[0])
    if best is None or not best.entries:
        return by_hand
    remark = (
        f"{len(best.entries)} of the files have names as in {best.what}, the others have not: "
        f"if that is what it is, say --layout {name}."
    )
    return Reading(
        what=by_hand.what,
        entries=by_hand.entries,
        strays=by_hand.strays,
        remarks=(*by_hand.remarks, remark),
    )


def _nothing(listing: Listing, layout: str, by: re.Pattern[str] | None) -> str:
    found = f"it has {some(item.path for item in listing.items[:3])}"
    if by is not None:
        return f"--learner-pattern {shown(by.pattern)!r} matches no path in it; {found}."
    if layout == "auto":
        return f"nothing in it can be a learner's submission, a .py, .ipynb or archive; {found}."
    example = _EXAMPLES[layout]
    return f"nothing in it is named as --layout {layout} has it ({example}); {found}."

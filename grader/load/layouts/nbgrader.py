"""nbgrader's folder of submissions: submitted/STUDENT/ASSIGNMENT/, with a timestamp.txt in each.

PATH may be the course or its folder `submitted` (jupyter/nbgrader, `directory_structure` of
nbgrader/coursedir.py; the time is written by its exchange's submit and by zip_collect).
"""

import re
from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from grader.handed_in import Learner
from grader.load.layouts.base import Entry, Item, Listing, Reading, some, tidy
from grader.load.members import MemberError, shown

NAME = "nbgrader"
WHAT = "nbgrader's submissions"
EXAMPLE = "submitted/jane/lab6/q6.ipynb"

_STAMP = "timestamp.txt"
_LONGEST_STAMP = 256
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*([+-]\d\d:?\d\d|[A-Za-z_/+-]+)?"
)


def read(listing: Listing) -> Reading:
    """The files of each student, and when they came in."""
    is_named = listing.name == "submitted"
    root = "" if is_named else "submitted/"
    inside = [item for item in listing.items if item.path.startswith(root)]
    if not inside:
        root, inside = "", list(listing.items)
    others = sorted({item.path.split("/")[0] for item in listing.items} - {"submitted"})
    files: dict[tuple[str, str], list[tuple[str, Item]]] = defaultdict(list)
    strays = []
    for item in inside:
        parts = item.path.removeprefix(root).split("/", 2)
        if len(parts) == 3:
            files[parts[0], parts[1]].append((parts[2], item))
        else:
            strays.append(item)
    stamped = [_STAMP in {path for path, _ in found} for found in files.values()]
    # Two folders below each other are nobody's convention alone.
    sure = is_named or bool(root) or 2 * sum(stamped) > len(stamped)
    entries: list[Entry] = []
    for (student, _), found in files.items() if sure else ():
        entries += _entries(listing, student, found)
    left_out = f"{some(others)}: not in `submitted`, left out." if root and others else ""
    return Reading(
        what=WHAT,
        entries=tuple(entries),
        strays=tuple(strays),
        remarks=(left_out,) if left_out else (),
        sure=sure,
        refused=_several({assignment for _, assignment in files}, root),
    )


def _several(assignments: set[str], root: str) -> str:
    if len(assignments) < 2:
        return ""
    one = re.escape(sorted(assignments)[0])
    return (
        f"it has submissions of {len(assignments)} assignments ({some(sorted(assignments))}): "
        f"choose one with --learner-pattern '{shown(root)}(?P<learner>[^/]+)/{shown(one)}/'."
    )


def _entries(listing: Listing, student: str, found: list[tuple[str, Item]]) -> list[Entry]:
    stamps = [item for path, item in found if path == _STAMP]
    when = _when(listing, stamps[0]) if stamps else ""
    learner = Learner(id=tidy(student), ids={"nbgrader": tidy(student)})
    return [
        Entry(learner=learner, path=path, member=item.member, named=student, handed_in=when)
        for path, item in found
        if path != _STAMP
    ]


def _when(listing: Listing, stamp: Item) -> str:
    """When it was handed in, in ISO 8601; "" where its file does not say it as nbgrader does."""
    if stamp.member.problem or stamp.member.size > _LONGEST_STAMP:
        return ""
    try:
        text = listing.read(stamp.member).decode(errors="replace")
    except (MemberError, OSError):
        return ""
    found = _TIME.match(text.strip())
    if found is None:
        return ""
    date, time, zone = found.groups()
    try:
        when = datetime.fromisoformat(f"{date}T{time}{zone if zone and zone[0] in '+-' else ''}")
        if when.tzinfo is None:
            when = when.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
    except (ValueError, OSError, LookupError):  # no such day, or no such zone
        return ""
    return when.astimezone(UTC).isoformat(timespec="seconds")

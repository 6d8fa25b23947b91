"""One's own convention: a regular expression with the group `learner`, as `--learner-pattern`."""

import re

from grader.handed_in import Learner
from grader.load.layouts.base import (
    CollectError,
    Entry,
    Item,
    Listing,
    Reading,
    natural,
    tidy,
)
from grader.load.members import shown

_GROUPS = {"learner", "name", "attempt", "late", "file", "rest"}


def compiled(text: str) -> re.Pattern[str]:
    """The expression. Raises CollectError where it is none, or does not say who is the learner."""
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise CollectError(
            f"--learner-pattern {shown(text)!r} is no regular expression ({error}): mend it, or "
            "leave it out."
        ) from error
    named = set(pattern.groupindex)
    if "learner" not in named:
        raise CollectError(
            f"--learner-pattern {shown(text)!r} does not say what names the learner: put that "
            "part into (?P<learner>...)."
        )
    if unknown := sorted(named - _GROUPS):
        raise CollectError(
            f"--learner-pattern {shown(text)!r} has a group {shown(unknown[0])!r}, which means "
            f"nothing here: name it one of {', '.join(sorted(_GROUPS))}."
        )
    return pattern


def read(listing: Listing, pattern: re.Pattern[str]) -> Reading:
    """The files whose paths the expression matches from their beginning.

    The path within the submission is the group `file` or `rest`, or what follows the match; the
    file's own name if the match ends within it with nothing left but the suffix.
    """
    entries: list[Entry] = []
    strays: list[Item] = []
    seen: dict[tuple[str, str, str], str] = {}
    refused = ""
    for item in listing.items:
        found = pattern.match(item.path)
        groups = found.groupdict() if found else {}
        named = groups.get("learner") or ""
        who = tidy(named)
        if not found or not who:
            strays.append(item)
            continue
        attempt = groups.get("attempt") or ""
        path = _path(item.path, found, groups)
        before = seen.setdefault((named, attempt, path), item.path)
        if before != item.path:
            refused = refused or _clash(who, before, item.path)
        entries.append(
            Entry(
                learner=Learner(id=who, name=tidy(groups.get("name") or "")),
                path=path,
                member=item.member,
                named=named,
                attempt=natural(attempt),
                number=int(attempt) if re.fullmatch(r"[0-9]{1,6}", attempt) else 0,
                late=bool(groups.get("late")),
            )
        )
    what = f"submissions by the pattern {shown(pattern.pattern)}"
    return Reading(what=what, entries=tuple(entries), strays=tuple(strays), refused=refused)


def _path(path: str, found: re.Match[str], groups: dict[str, str | None]) -> str:
    rest = groups.get("file") or groups.get("rest") or path[found.end() :]
    name = path.rpartition("/")[2]
    is_suffix = rest.startswith(".") and name.endswith(rest) and name != rest
    return name if is_suffix or not rest.strip("/") else rest.strip("/")


def _clash(who: str, one: str, other: str) -> str:
    return (
        f"{shown(one)} and {shown(other)} come out as the same file of one learner, "
        f"{shown(who)}: let (?P<learner>...) take in what tells two learners apart, or "
        "(?P<attempt>...) what tells two attempts apart."
    )

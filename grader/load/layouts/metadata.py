"""Gradescope's submission_metadata.yml, read without building what it describes.

It is a mapping from a submission's folder to Ruby's symbols: `:submitters` with `:name`, `:sid`
and `:email`, `:created_at`, and in `:history` the attempts that do not count. Beside these it
holds all that an autograder printed. So it is read event by event, and what is not asked for is
skipped: nothing is constructed, an alias that stands for a million others is one event, and no
depth is recursed into.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from yaml.events import Event

_Path = tuple[str | int, ...]

LARGEST = 64 << 20
"""Bytes of one: room for what the tests of a thousand submissions printed."""

_MOST_DEEP = 100
"""Levels of anything: to look for the ends of more takes a parser ever longer."""

_TOO_DEEP = "it is nested too deeply"

_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ Tt]+(\d\d:\d\d:\d\d)(?:\.\d+)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?"
)


class Submitter(Struct, frozen=True):
    """One of those who handed in a submission."""

    name: str = ""
    sid: str = ""
    email: str = ""


class About(Struct, frozen=True):
    """What is known of a submission: whose it is, when it came, and of the other attempts."""

    submitters: tuple[Submitter, ...]
    created_at: str
    history: tuple[str, ...]


def read_metadata(data: bytes) -> dict[str, About]:
    """What is known of each submission, by its folder. Raises ValueError if it cannot be read."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        facts = _facts(yaml.parse(data, Loader=loader))
        return {folder: _about(values) for folder, values in facts.items()}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        # As libyaml says since 0.2.6, before it tells of the levels that are counted below.
        is_deep = "maximum nesting depth" in str(error)
        raise ValueError(_TOO_DEEP if is_deep else "it is no YAML") from error


def iso(text: str) -> str:
    """A time as Ruby writes it, in ISO 8601 and UTC; "" if it is none."""
    found = _TIME.match(text.strip())
    if found is None:
        return ""
    date, time, zone = found.groups()
    offset = "+00:00" if zone in (None, "Z", "UTC") else zone
    try:
        when = datetime.fromisoformat(f"{date}T{time}{offset}")
    except ValueError:
        return ""
    return when.astimezone(UTC).isoformat(timespec="seconds")


def _facts(events: "Iterator[Event]") -> dict[str, dict[_Path, str]]:
    """The scalars of each submission by the keys that lead to them, as far as they are wanted."""
    facts: dict[str, dict[_Path, str]] = {}
    for path, value in _scalars(events):
        folder = path[0]
        if isinstance(folder, str):
            values = facts.setdefault(folder, {})
            if value is not None:
                values[path[1:]] = value
    return facts


def _is_wanted(path: _Path) -> bool:
    if len(path) < 2:
        return True
    return path[1] in (":submitters", ":created_at", ":history")


def _scalars(events: "Iterator[Event]") -> Iterator[tuple[_Path, str | None]]:
    """Each wanted scalar with the keys and places that lead to it.

    None is the value of a folder itself, so that it is known if it is all there is of it.
    """
    import yaml

    where: list[str | int | None] = []  # a mapping's key, None while that is to come
    anchored: dict[str, str] = {}
    skipped = 0
    for event in events:
        if len(where) + skipped > _MOST_DEEP:
            raise ValueError(_TOO_DEEP)
        if isinstance(event, yaml.CollectionEndEvent):
            if skipped:
                skipped -= 1
                if skipped:
                    continue
            else:
                where.pop()
            _step(where)
        elif skipped:
            skipped += isinstance(event, yaml.CollectionStartEvent)
        elif isinstance(event, yaml.CollectionStartEvent):
            path = _path(where)
            if path is None:
                raise ValueError("a key of it is no word")
            if not _is_wanted(path):
                skipped = 1
                continue
            if len(path) == 1:
                yield path, None
            where.append(0 if isinstance(event, yaml.SequenceStartEvent) else None)
        elif isinstance(event, yaml.ScalarEvent | yaml.AliasEvent):
            if isinstance(event, yaml.AliasEvent):
                value = anchored.get(event.anchor or "", "")
            else:
                value = event.value
                if event.anchor and len(value) < 256:
                    anchored[event.anchor] = value
            if where and where[-1] is None:
                where[-1] = value
                continue
            path = _path(where)
            if path is not None and len(path) > 1 and _is_wanted(path):
                yield path, value
            _step(where)


def _path(where: list[str | int | None]) -> _Path | None:
    path = tuple(step for step in where if step is not None)
    return path if len(path) == len(where) else None


def _step(where: list[str | int | None]) -> None:
    """A value is over: on to the next place of a list, or the next key."""
    if where:
        last = where[-1]
        where[-1] = last + 1 if isinstance(last, int) else None


def _about(values: dict[_Path, str]) -> About:
    people: dict[int, dict[str, str]] = {}
    times: dict[int, str] = {}
    created_at = ""
    for path, value in values.items():
        match path:
            case (":submitters", int(place), str(key)):
                people.setdefault(place, {})[key.removeprefix(":")] = value
            case (":created_at", *_):
                created_at = created_at or iso(value)
            case (":history", int(place), ":created_at", *_):
                times[place] = times.get(place) or iso(value)
            case (":history", int(place), *_):
                times.setdefault(place, "")
    fields = Submitter.__struct_fields__
    return About(
        tuple(
            Submitter(**{key: _said(found.get(key, "")) for key in fields})
            for _, found in sorted(people.items())
        ),
        created_at,
        tuple(time for _, time in sorted(times.items())),
    )


def _said(value: str) -> str:
    return "" if value.strip().lower() in ("", "~", "null") else value.strip()

"""Who of a class is meant by which row of a sheet."""

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct


class Identity(Struct, frozen=True, kw_only=True):
    """What one is known by: names in other systems, by system, the most credible first, and one's
    own name. `guesses` are names that may be meant, for what no system is known of.
    """

    ids: dict[str, str] = {}
    guesses: tuple[tuple[str, str], ...] = ()
    name: str = ""


class Matches(Struct, frozen=True, kw_only=True):
    """Learners and rows by their places: the learner of each row that has one, learners who were
    found by name alone, those in no row, and those whose row another claims as well.
    """

    learner_of: dict[int, int]
    by_name: tuple[int, ...]
    missing: tuple[int, ...]
    contested: tuple[int, ...]


MANY_NAMES = ("login", "email")
"""Systems in which one may well have several: that they differ shows nothing."""


def match(learners: Sequence[Identity], rows: Mapping[int, Identity]) -> Matches:
    """Find the rows of learners, by what a system knows them by, or by a name that is there once.

    Nobody gets a row that somebody else may have: a mark in the wrong row is worse than none.
    """
    places: dict[tuple[str, str], list[int]] = {}
    for place, row in rows.items():
        for system, id_ in row.ids.items():
            places.setdefault((system, folded(id_)), []).append(place)
    found = {who: _found(learner, rows, places) for who, learner in enumerate(learners)}
    by_name = _by_name(learners, rows, found)
    for who, place in by_name.items():
        found[who] = [place]
    claims = Counter(place for taken in found.values() for place in taken)
    contested = {who for who, taken in found.items() if any(claims[each] > 1 for each in taken)}
    return Matches(
        learner_of={
            place: who for who, taken in found.items() for place in taken if who not in contested
        },
        by_name=tuple(who for who in by_name if who not in contested),
        missing=tuple(who for who, taken in found.items() if not taken),
        contested=tuple(sorted(contested)),
    )


def folded(text: str) -> str:
    """Text as people compare it: without regard to case, blanks and how signs are composed."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _found(
    learner: Identity,
    rows: Mapping[int, Identity],
    places: Mapping[tuple[str, str], list[int]],
) -> list[int]:
    for system, id_ in (*learner.ids.items(), *learner.guesses):
        there = places.get((system, folded(id_)), [])
        if taken := [place for place in there if not _contradict(learner, rows[place])]:
            return taken
    return []


def _by_name(
    learners: Sequence[Identity],
    rows: Mapping[int, Identity],
    found: Mapping[int, Sequence[int]],
) -> dict[int, int]:
    """Rows by learner, of those not found otherwise whose name one learner and one row have."""
    taken = {place for places in found.values() for place in places}
    of_learners = Counter(_name(learner) for learner in learners)
    of_rows: dict[str, list[int]] = {}
    for place, row in rows.items():
        of_rows.setdefault(_name(row), []).append(place)
    matched = {}
    for who, learner in enumerate(learners):
        name = _name(learner)
        there = of_rows.get(name, [])
        if not name or found[who] or of_learners[name] > 1 or len(there) != 1:
            continue
        if there[0] not in taken and not _contradict(learner, rows[there[0]]):
            matched[who] = there[0]
    return matched


def _contradict(one: Identity, other: Identity) -> bool:
    both = (one.ids.keys() & other.ids.keys()) - {*MANY_NAMES}
    return any(folded(one.ids[system]) != folded(other.ids[system]) for system in both)


def _name(who: Identity) -> str:
    """A name in the order of speech: "Lovelace, Ada" is Ada Lovelace."""
    last, comma, first = who.name.partition(",")
    return folded(f"{first} {last}" if comma else who.name)

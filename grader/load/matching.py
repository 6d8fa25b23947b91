"""Who on a roster handed in what."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from grader.handed_in import Learner
from grader.load.layouts import participant, some
from grader.load.members import shown


class Matched(Struct, frozen=True):
    """The learners with what a roster knows of them, and those of it who handed in nothing."""

    learners: tuple[Learner, ...]
    missing: tuple[Learner, ...]
    remarks: tuple[str, ...]


def matched(learners: Sequence[Learner], roster: Sequence[Learner]) -> Matched:
    """The learners with the names, addresses and ids that a roster has of them.

    Where several are equally credible, nobody is taken, and nobody of these is called missing.
    """
    places = _places(learners, roster)
    claims: dict[int, list[int]] = defaultdict(list)
    for who, found in enumerate(places):
        if len(found) == 1:
            claims[min(found)].append(who)
    known = list(learners)
    for place, claimed in claims.items():
        if len(claimed) == 1:
            known[claimed[0]] = _with(learners[claimed[0]], roster[place])
    seen = set().union(*places)
    unseen = [row for place, row in enumerate(roster) if place not in seen]
    doubts = _doubts(learners, roster, places, claims)
    return Matched(
        tuple(known), _missing(learners, unseen), (*doubts, *_strangers(learners, places))
    )


def _with(learner: Learner, row: Learner) -> Learner:
    """What a roster says is what its system calls somebody, such as "Teilnehmer/in 4711"."""
    return Learner(
        id=learner.id,
        name=row.name or learner.name,
        email=row.email or learner.email,
        ids=learner.ids | row.ids,
    )


def _missing(learners: Sequence[Learner], rows: Sequence[Learner]) -> tuple[Learner, ...]:
    """Those without a submission, with such ids as those have who handed one in."""
    kinds = dict.fromkeys(kind for learner in learners for kind in learner.ids)
    taken = {learner.id for learner in learners}
    missing = []
    for row in rows:
        names = [_as_layouts_have_it(kind, row) for kind in kinds if kind in row.ids]
        every = [*names, *row.ids.values(), row.email, row.name]
        free = next((name for name in every if name and name not in taken), None)
        # A name that somebody else has already: two who are called the same.
        number = 2
        while free is None or free in taken:
            free, number = f"{row.id} ({number})", number + 1
        taken.add(free)
        missing.append(replace(row, id=free))
    return tuple(missing)


def _as_layouts_have_it(kind: str, row: Learner) -> str:
    return f"Participant {participant(row.ids[kind])}" if kind == "moodle" else row.ids[kind]


def _doubts(
    learners: Sequence[Learner],
    roster: Sequence[Learner],
    places: Sequence[set[int]],
    claims: dict[int, list[int]],
) -> Iterable[str]:
    for learner, found in zip(learners, places, strict=True):
        if len(found) > 1:
            rows = some(roster[place].id for place in sorted(found))
            yield f"{shown(learner.shown)} may be any of {rows} on the roster: taken for none."
    for place, claimed in claims.items():
        if len(claimed) > 1:
            who = some(learners[one].id for one in claimed)
            row = shown(roster[place].shown)
            yield f"{row} on the roster may be any of {who}: taken for none."


def _strangers(learners: Sequence[Learner], places: Sequence[set[int]]) -> Iterable[str]:
    names = [one.shown for one, found in zip(learners, places, strict=True) if not found]
    if names:
        yield f"not on the roster: {some(names)}."


# -- what people are told by ---------------------------------------------------------------

_Keys = Callable[[Learner], set[str]]


def _places(learners: Sequence[Learner], roster: Sequence[Learner]) -> list[set[int]]:
    """The rows that each learner may be, by the most credible key that there is one for."""
    levels: list[tuple[_Keys, dict[str, list[int]]]] = [
        (sure_keys, _index(roster, sure_keys)),
        (_own_keys, _index(roster, _any_keys)),
        (_name_keys, _index(roster, _row_name_keys)),
    ]
    places = []
    for learner in learners:
        found: set[int] = set()
        for keys, index in levels:
            found = found or {place for key in keys(learner) for place in index.get(key, ())}
        places.append(found)
    return places


def _index(roster: Sequence[Learner], keys: _Keys) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(roster):
        for key in keys(row):
            index[key].append(place)
    return index


def sure_keys(learner: Learner) -> set[str]:
    """The ids of one system, and the address."""
    keys = {
        f"{kind}:{(kind == 'moodle' and participant(value)) or value.casefold()}"
        for kind, value in learner.ids.items()
    }
    return keys | ({f"email:{learner.email.casefold()}"} if learner.email else set())


def _own_keys(learner: Learner) -> set[str]:
    """What a layout took for an id, such as a folder's name.

    Canvas' and Moodle's own numbers are no other system's.
    """
    who = learner.id.casefold()
    if "moodle" in learner.ids:
        return set()
    return {f"id:{who}"} if "canvas" in learner.ids else {f"id:{who}", f"any:{who}"}


def _any_keys(row: Learner) -> set[str]:
    """What a row may be called by: its column `id`, and any other id, address or its account."""
    ids = {value.casefold() for kind, value in row.ids.items() if kind != "moodle"}
    email = row.email.casefold()
    own = {f"id:{row.ids['id'].casefold()}"} if "id" in row.ids else set()
    return own | {f"any:{one}" for one in (*ids, email, email.partition("@")[0]) if one}


def name_key(name: str) -> str:
    """A name without capitals, accents and the order of its parts."""
    return " ".join(sorted(_words(name)))


def _words(name: str) -> list[str]:
    letters = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    return re.findall(r"[^\W_]+", bare)


def _name_keys(learner: Learner) -> set[str]:
    key = name_key(learner.name)
    return {key} if key else set()


def _row_name_keys(row: Learner) -> set[str]:
    """The name, and also in one word, as Canvas has it: the last name, or names, first."""
    words = _words(row.name)
    turned = {"".join(words[at:] + words[:at]) for at in range(len(words))}
    return {name_key(row.name), *turned} if words else set()

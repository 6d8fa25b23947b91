"""What people sort by hand: one folder a learner, one file a learner, or both side by side."""

from collections.abc import Sequence

from grader.handed_in import Learner
from grader.load.layouts.base import Entry, Item, Listing, Reading, tidy
from grader.load.layouts.names import (
    Owner,
    answers_a_question,
    may_be_handed_in,
    names_nobody,
    owners,
)

EXAMPLES = {"folders": "jane/q6.py", "files": "jane.py"}


def read_folders(listing: Listing) -> Reading:
    """One folder a learner; what lies beside them is nobody's."""
    entries = [_in_folder(item) for item in listing.items if not _is_loose(item)]
    strays = filter(_is_loose, listing.items)
    return Reading(what="one folder a learner", entries=tuple(entries), strays=tuple(strays))


def read_files(listing: Listing) -> Reading:
    """One file a learner, or one for each answer, jane_q5.py and jane_q6.py; no folders."""
    named = [item for item in listing.items if _is_handed_in(item)]
    strays = [item for item in listing.items if not _is_handed_in(item)]
    return Reading(what="one file a learner", entries=_by_name(named), strays=tuple(strays))


def read_any(listing: Listing) -> Reading:
    """A class in folders, in files or in both; or what a single learner handed in."""
    if is_one_learners(listing):
        learner = _learner(listing.name)
        own = (Entry(learner=learner, path=i.path, member=i.member) for i in listing.items)
        return Reading(what="the files of one learner", entries=tuple(own))
    foldered = [item for item in listing.items if not _is_loose(item)]
    loose = [item for item in listing.items if _is_loose(item)]
    named = [item for item in loose if may_be_handed_in(item.path) and not names_nobody(item.path)]
    theirs = {item.path for item in named}
    what = [kind for kind, some in (("folder", foldered), ("file", named)) if some]
    return Reading(
        what=" and ".join(f"one {kind} a learner" for kind in what),
        entries=(*map(_in_folder, foldered), *_by_name(named)),
        strays=tuple(item for item in loose if item.path not in theirs),
    )


def is_one_learners(listing: Listing) -> bool:
    """Whether the loose files are named after questions, and so after nobody.

    All of them are, or half of them with one that is called by its question alone: learners have
    helpers. Where the folders beside them hold such answers too, they are a class, and what lies
    loose is none of it.
    """
    loose = [item.path for item in listing.items if _is_loose(item)]
    handed_in = list(filter(may_be_handed_in, loose))
    nobodys = list(filter(names_nobody, handed_in))
    deeper = (i.path.rpartition("/")[2] for i in listing.items if not _is_loose(i))
    if not nobodys or any(map(answers_a_question, deeper)):
        return False
    return len(nobodys) == len(handed_in) or (
        2 * len(nobodys) >= len(handed_in) and any(map(answers_a_question, nobodys))
    )


def _is_loose(item: Item) -> bool:
    """Whether it lies in no folder; a folder that cannot be looked into comes as a member too."""
    is_folder = bool(item.member.problem) and "." not in item.path
    return "/" not in item.path and not is_folder


def _is_handed_in(item: Item) -> bool:
    return _is_loose(item) and may_be_handed_in(item.path)


def _in_folder(item: Item) -> Entry:
    folder, _, path = item.path.partition("/")
    return _entry(item, Owner(folder, path or folder))


def _by_name(items: Sequence[Item]) -> tuple[Entry, ...]:
    return tuple(map(_entry, items, owners([item.path for item in items])))


def _entry(item: Item, whose: Owner) -> Entry:
    learner = _learner(whose.learner)
    return Entry(learner=learner, path=whose.path, member=item.member, named=whose.learner)


def _learner(name: str) -> Learner:
    who = tidy(name)
    return Learner(id=who, name=who)

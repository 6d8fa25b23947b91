"""Which attempt of each learner counts: the last, and what belongs to it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from grader.handed_in import HandedInFile, Learner, Submission
from grader.load.layouts import CollectError, Entry, Reading, natural, told_apart
from grader.load.members import TWICE, Member, Tree, shown
from grader.load.unpack import collected, digest, unpacked


class Source(Struct, frozen=True):
    """A download: how many came before it, what people call it, and what it holds."""

    at: int
    place: str
    tree: Tree
    reading: Reading


class HandedIn(Struct, frozen=True, kw_only=True):
    """The attempt of one learner that counts: where its files are, which are read when asked for.

    `placed` are its files with their paths in the submission. The rest is as in Submission.
    """

    learner: Learner
    place: str
    attempt: int
    attempts: int
    late: bool
    handed_in: str
    tree: Tree
    placed: tuple[tuple[str, Member], ...]

    def read(self) -> tuple[Submission, tuple[HandedInFile, ...]]:
        """What is there to grade. What of it cannot be read is told in its `problems`."""
        found, unread = collected(self.tree, self.placed)
        files, unopened = unpacked(found)
        submission = Submission(
            place=self.place,
            digest=digest(files),
            attempt=self.attempt,
            attempts=self.attempts,
            late=self.late,
            handed_in=self.handed_in,
            problems=unread + unopened,
            files=tuple(file.path for file in files),
        )
        return submission, files


class _Attempt(Struct, frozen=True):
    """The files that one learner handed in at one time."""

    source: Source
    entries: tuple[Entry, ...]

    @property
    def handed_in(self) -> str:
        return self.entries[0].handed_in

    @property
    def order(self) -> tuple[object, ...]:
        return self.source.at, self.entries[0].attempt


def last_attempts(sources: Sequence[Source]) -> list[HandedIn]:
    """The last attempt of each learner, sorted by the learners' ids."""
    attempts: dict[str, list[_Attempt]] = defaultdict(list)
    # Who has a namesake in one download is to be the same in the next.
    every = iter(told_apart(entry for source in sources for entry in source.reading.entries))
    for source in sources:
        _refuse_two_as_one(source)
        together: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
        for entry in islice(every, len(source.reading.entries)):
            together[entry.learner.id, entry.attempt].append(entry)
        for entries in together.values():
            attempts[entries[0].learner.id].append(_Attempt(source, tuple(entries)))
    ids = sorted(attempts, key=lambda who: (natural(who.casefold()), who))
    return [_last(_in_order(attempts[who])) for who in ids]


def _in_order(attempts: list[_Attempt]) -> list[_Attempt]:
    """By when they were handed in, if that is known of all, or else as they are numbered."""
    ordered = sorted(attempts, key=lambda each: each.order)
    if all(each.handed_in for each in attempts):
        ordered.sort(key=lambda each: _time(each.handed_in))
    return ordered


def _time(handed_in: str) -> datetime:
    when = datetime.fromisoformat(handed_in)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def _last(attempts: list[_Attempt]) -> HandedIn:
    last = attempts[-1]
    attempt = max(len(attempts), *(entry.number for entry in last.entries))
    known = (max(entry.number, entry.of) for each in attempts for entry in each.entries)
    return HandedIn(
        learner=_merged([entry.learner for each in attempts for entry in each.entries]),
        place=_place(last),
        attempt=attempt,
        attempts=max(attempt, *known),
        late=any(entry.late for entry in last.entries),
        handed_in=last.handed_in,
        tree=last.source.tree,
        placed=_placed(last.entries),
    )


def _merged(learners: Sequence[Learner]) -> Learner:
    """One learner as several downloads tell of them; the last is the latest news."""
    one = learners[0]
    for other in learners[1:]:
        if other != one:
            one = Learner(
                id=one.id,
                name=other.name or one.name,
                email=other.email or one.email,
                ids=one.ids | other.ids,
            )
    return one


def _placed(entries: Iterable[Entry]) -> tuple[tuple[str, Member], ...]:
    """The files at their places. Of several at one the latest is read, and the others told of."""
    last: dict[str, Entry] = {}
    told = []
    for entry in entries:
        other = last.get(entry.path)
        if entry.member.problem:
            told.append((entry.path, entry.member))
        elif other is None or other.member.modified <= entry.member.modified:
            last[entry.path] = entry
        if other and not entry.member.problem:
            lost = other if last[entry.path] is entry else entry
            told.append((lost.path, replace(lost.member, problem=TWICE)))
    return (*((path, entry.member) for path, entry in last.items()), *told)


def _place(attempt: _Attempt) -> str:
    """Where people find it: a file, or the folder that all of it is in."""
    place = attempt.source.place
    paths = [entry.member.path.split("/") for entry in attempt.entries]
    if len(paths) > 1:
        paths = [path[:-1] for path in paths]
    shared = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return "/".join((place, *shared))


def _refuse_two_as_one(source: Source) -> None:
    """One id of learners whom their names or addresses tell apart is no id."""
    known: dict[str, Learner] = {}
    for entry in source.reading.entries:
        one, other = known.setdefault(entry.learner.id, entry.learner), entry.learner
        if one is other or one == other:
            continue
        for mine, theirs in (
            (one.email.casefold(), other.email.casefold()),
            (one.name, other.name),
        ):
            if mine and theirs and mine != theirs:
                raise CollectError(
                    f"{source.place}: two learners, {shown(mine)} and {shown(theirs)}, have one "
                    f"id, {shown(one.id)}: correct it where the download comes from, or tell "
                    "them apart with --learner-pattern."
                )

"""Which parts of an assignment are taken for the answer to which exercise.

What the file says about itself comes first. Of several answers to one question the best one
counts, and an answer may be a part of what stands under its heading: people leave a broken
try beside the one that works. Where the file does not say, what the code did decides.
"""

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial
from itertools import islice
from typing import Protocol

from msgspec import Struct, structs

from grader.checks.base import Exercise
from grader.checks.common import RAN_CLEAN
from grader.load.find import Claim, Found
from grader.mark import Belief, ExerciseReport

Parts = tuple[int, ...]


class Judge(Protocol):
    """Marks an exercise by `parts`, which stand together with others; None if they were not
    run. With `again`, parts that do not pass get a second try, without the rest of the file.
    """

    def __call__(
        self, exercise: Exercise, together: Parts, parts: Parts, *, again: bool
    ) -> ExerciseReport | None:
        """The report; None where there is nothing to mark."""
        ...


_MOST_PARTS = 12
"""Of more parts than this under one heading not every stretch is tried."""


class Choice(Struct, frozen=True, kw_only=True):
    """An answer: the parts that stand together, those of them that are taken, and why."""

    exercise: Exercise
    together: Parts
    parts: Parts
    belief: Belief
    why: str
    report: ExerciseReport

    @property
    def is_recognisable(self) -> bool:
        """It does at least what the exercise is about, which its first own check looks at."""
        own = (check for check in self.report.checks if check.id != RAN_CLEAN.id)
        return any(check.status == "passed" for check in islice(own, 1))


def choose(
    exercises: Sequence[Exercise],
    wanted: Collection[str],
    found: Found,
    judge: Judge,
    patience: float,
) -> dict[str, Choice | None]:
    """The answers to the wanted ones of all exercises, None where there is none.

    Once it has taken `patience` seconds to judge what may be the answer to one of them, no
    more is tried: hundreds of headings may stand over programs that hang.
    """
    best = partial(_best, patience=patience)
    own = {each.id: best(_claimed(each, found, judge)) for each in exercises if each.id in wanted}
    if all(choice is not None and choice.is_recognisable for choice in own.values()):
        return own
    # Code elsewhere may be another exercise's, also one that nobody asked for.
    own |= {
        each.id: best(_claimed(each, found, judge)) for each in exercises if each.id not in own
    }
    chosen = dict(own)
    # The one that asks for most first: what answers it may well answer the others too.
    by_demand = sorted(exercises, key=lambda each: len(each.checks))[::-1]
    for each in by_demand:
        has_lost = own[each.id] is not None and chosen[each.id] is None
        if chosen[each.id] is None and (has_lost or not _is_answered_in_words(found, each.id)):
            anywhere = has_lost or each is by_demand[0]
            taken = best(_elsewhere(each, found, chosen, judge, anywhere=anywhere))
            if taken is not None:
                chosen[each.id] = taken
                _give_up(taken, chosen, judge)
    return {id_: _settled(own[id_], chosen[id_]) for id_ in wanted}


def _settled(own: Choice | None, after: Choice | None) -> Choice | None:
    """What stands under its heading, unless it turned out to be another's answer."""
    return own if own is not None and own.is_recognisable else after


def stretches(parts: Parts) -> Iterator[Parts]:
    """The parts together, then every stretch of them that is shorter."""
    for length in range(len(parts), 0, -1):
        if 1 < length < len(parts) > _MOST_PARTS:
            continue
        for start in range(len(parts) - length + 1):
            yield parts[start : start + length]


def _best(choices: Iterable[Choice], patience: float) -> Choice | None:
    """The one with the most points; the first of several."""
    best: Choice | None = None
    deadline = time.monotonic() + patience
    for choice in choices:
        if best is None or choice.report.points > best.report.points:
            best = choice
        if best.report.status == "passed" or time.monotonic() > deadline:
            break
    return best


def _claimed(exercise: Exercise, found: Found, judge: Judge) -> Iterator[Choice]:
    for claim in found.claims.get(exercise.id, ()):
        together = claim.code or claim.text_code
        yield from _choices(
            exercise, together, judge, belief=claim.belief, why=claim.why, again=True
        )


def _choices(
    exercise: Exercise, together: Parts, judge: Judge, *, belief: Belief, why: str, again: bool
) -> Iterator[Choice]:
    for parts in stretches(together):
        report = judge(exercise, together, parts, again=again)
        if report is not None:
            yield Choice(
                exercise=exercise,
                together=together,
                parts=parts,
                belief=belief,
                why=why,
                report=report,
            )


def _is_answered_in_words(found: Found, id_: str) -> bool:
    """Somebody wrote an answer under the heading, and it is no program."""
    return any(claim.prose or claim.code for claim in found.claims.get(id_, ()))


def _elsewhere(
    exercise: Exercise,
    found: Found,
    chosen: Mapping[str, Choice | None],
    judge: Judge,
    *,
    anywhere: bool,
) -> Iterator[Choice]:
    """Code that no heading claims, if it is about this; then code under another's heading,
    if it is all that is asked for and its own question can do without it.

    A wrong answer to another question may do by accident what this one asks for. So it is
    looked at, with `anywhere`, only for the exercise that asks for most, and for one whose
    own code was taken: there the headings are out of step. A question to be answered in words
    may have a program for an example, which is nobody's answer as long as this exercise has a
    heading of its own.
    """
    has_heading = bool(found.claims.get(exercise.id))
    for together in _runs(found.unclaimed):
        for choice in _by_deeds(exercise, together, judge):
            if choice.is_recognisable and not _is_needed(choice.parts, chosen, judge):
                yield choice
    for question, claims in found.claims.items():
        for claim in claims:
            owner = chosen.get(question)
            is_wrong = owner is not None and not owner.is_recognisable
            is_closed = is_wrong and not anywhere if question in chosen else has_heading
            if question == exercise.id or is_closed:
                continue
            for choice in _by_deeds(exercise, claim.code, judge, claim):
                passed = choice.report.status == "passed"
                if passed and not _is_needed(choice.parts, chosen, judge):
                    yield choice


def _by_deeds(
    exercise: Exercise, together: Parts, judge: Judge, claim: Claim | None = None
) -> Iterator[Choice]:
    where = f'stands under "{claim.heading_text}", but' if claim else "stands under no heading;"
    return _choices(
        exercise,
        together,
        judge,
        belief="what the code did",
        why=f"{where} does what this question asks for",
        again=False,
    )


def _is_needed(parts: Parts, chosen: Mapping[str, Choice | None], judge: Judge) -> bool:
    """Whether another exercise would lose by giving up these parts."""
    return any(
        choice is not None
        and choice.is_recognisable
        and {*choice.parts} & {*parts}
        and _without({*parts} | _borrowed(chosen, choice), choice, judge) is None
        for choice in chosen.values()
    )


def _borrowed(chosen: Mapping[str, Choice | None], lender: Choice) -> set[int]:
    """What all others answer with that stands under no heading of theirs."""
    others = [choice for choice in chosen.values() if choice is not None and choice is not lender]
    return {p for choice in others if choice.belief == "what the code did" for p in choice.parts}


def _without(parts: Set[int], choice: Choice, judge: Judge) -> Choice | None:
    """As good an answer from the same place that leaves these parts alone."""
    for rest in stretches(choice.together):
        if parts.isdisjoint(rest):
            report = judge(choice.exercise, choice.together, rest, again=False)
            if report is not None and report.points >= choice.report.points:
                return structs.replace(choice, parts=rest, report=report)
    return None


def _give_up(taken: Choice, chosen: dict[str, Choice | None], judge: Judge) -> None:
    """Let the others do without what has been taken from them."""
    for id_, choice in chosen.items():
        if choice is not None and choice is not taken and {*choice.parts} & {*taken.parts}:
            chosen[id_] = _without(_borrowed(chosen, choice), choice, judge)


def _runs(parts: Parts) -> Iterator[Parts]:
    """The stretches of parts that follow each other without a gap."""
    run: list[int] = []
    for part in parts:
        if run and part != run[-1] + 1:
            yield tuple(run)
            run = []
        run.append(part)
    if run:
        yield tuple(run)

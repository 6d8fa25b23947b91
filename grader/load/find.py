"""Which parts of an assignment answer which question."""

from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from grader.load.headings import QUESTIONS, Heading, plain
from grader.load.marks import Mark, has_content, marks
from grader.load.parts import Part
from grader.load.prose import is_code, only_prints_text, text_code

Belief = Literal["metadata", "grade_id", "question text", "number"]

_BELIEFS: tuple[Belief, ...] = ("metadata", "grade_id", "question text", "number")
_IN_WORDS = frozenset(question.id for question in QUESTIONS if question.in_words)
_SHOWN = 80
"""Characters of a heading that a claim quotes."""


class Claim(Struct, frozen=True, kw_only=True):
    """The parts that answer a question, as far as the file says so.

    `heading` is the part that says it, `heading_text` its words. `code` are the parts to
    run, in order; `prose` has the words; those of them in `text_code` hold a program.
    `why` tells people how the answer was found.
    """

    question: str
    belief: Belief
    heading: int | None
    heading_text: str
    code: tuple[int, ...]
    prose: tuple[int, ...]
    text_code: tuple[int, ...]
    why: str


class Found(Struct, frozen=True):
    """The claims to each question, the most credible first, and the code that none claims."""

    claims: dict[str, tuple[Claim, ...]]
    unclaimed: tuple[int, ...]


class _Section(Struct):
    """A heading with what stands under it, while the file is read."""

    mark: Mark
    questions: tuple[str, ...]
    parts: list[int]


def find(parts: Sequence[Part]) -> Found:
    """Who claims what, for each of the six questions."""
    claims = [*_by_metadata(parts, "metadata"), *_by_metadata(parts, "grade_id")]
    named = {place for claim in claims for place in (*claim.code, *claim.prose)}
    for section in _sections(parts):
        for question in section.questions:
            own = [p for p in section.parts if p not in named or _names(parts[p], question)]
            if question in _IN_WORDS and not _IN_WORDS.issuperset(section.questions):
                own = [p for p in own if not is_code(parts[p])]
            claims.append(_by_heading(parts, section.mark, question, own))
    claimed = {place for claim in claims for place in (*claim.code, *claim.prose)}
    return Found(
        {question.id: tuple(_best_first(claims, question.id)) for question in QUESTIONS},
        tuple(p for p, part in enumerate(parts) if p not in claimed and is_code(part)),
    )


def _best_first(claims: Sequence[Claim], question: str) -> Iterator[Claim]:
    """The claims to a question by belief, without those that only repeat a better one."""
    seen: set[tuple[int, ...]] = set()
    own = [claim for claim in claims if claim.question == question]
    for claim in sorted(own, key=lambda claim: _BELIEFS.index(claim.belief)):
        repeats = claim.code in seen and (claim.code or not claim.text_code)
        if not repeats or not seen:
            yield claim
        seen.add(claim.code)


# -- cells that name their question themselves ---------------------------------------------


def _named(part: Part, belief: Belief) -> str | None:
    return part.exercise if belief == "metadata" else part.grade_id


def _names(part: Part, question: str) -> bool:
    return question in (part.exercise, part.grade_id)


def _by_metadata(parts: Sequence[Part], belief: Belief) -> Iterator[Claim]:
    """A claim for each run of cells whose metadata name a question.

    Jupyter copies the metadata of a cell that is split or pasted. Neighbours are one answer
    in pieces, others are the answer given twice.
    """
    known = {question.id for question in QUESTIONS}
    last: str | None = None
    runs: list[tuple[str, list[int]]] = []
    for place, part in enumerate(parts):
        question = _named(part, belief)
        if question in known and question == last:
            runs[-1][1].append(place)
        elif question is not None and question in known:
            runs.append((question, [place]))
        if question is not None or is_code(part):
            last = question
    for question, places in runs:
        what = "metadata" if belief == "metadata" else "nbgrader id"
        yield _claim(
            parts, question, places, belief=belief, why=f"the {what} of the cell is {question}"
        )


# -- what stands under a heading -----------------------------------------------------------


def _sections(parts: Sequence[Part]) -> Iterator[_Section]:
    """The headings, with all parts down to the next one.

    A heading for the same question goes on with it unless code stands between: then the
    question is answered twice. Headings in one cell with nothing between share what follows.
    """
    found = marks(parts)
    section: _Section | None = None
    for number, mark in enumerate(found):
        questions = mark.heading.questions
        following = found[number + 1] if number + 1 < len(found) else None
        end = len(parts) if following is None else following.part
        own = [*range(mark.part, max(end, mark.part + 1))]
        if section is not None and _goes_on(parts, section, mark, found[number - 1]):
            section.questions = tuple(dict.fromkeys((*section.questions, *questions)))
            section.parts += [place for place in own if place not in section.parts]
            continue
        if section is not None:
            yield section
        section = _Section(mark, questions, own)
    if section is not None:
        yield section


def _goes_on(parts: Sequence[Part], section: _Section, mark: Mark, last: Mark) -> bool:
    above = set(section.questions)
    if above & {*mark.heading.questions}:
        code = any(is_code(parts[p]) for p in section.parts if p != mark.part)
        return not code or mark.heading.kind == "answer"
    if not above or not mark.heading.questions:
        return False
    shared = parts[last.part].cell == parts[mark.part].cell
    return shared and not has_content(parts, last, mark)


def _by_heading(parts: Sequence[Part], mark: Mark, question: str, own: list[int]) -> Claim:
    belief: Belief = "question text" if mark.heading.kind in ("text", "hint") else "number"
    claim = _claim(parts, question, own, belief=belief, why="", mark=mark)
    code = tuple(p for p in claim.code if not only_prints_text(parts[p]))
    code = code if question in _IN_WORDS else code or claim.code
    # A print of fixed text beside a program is a remark, and would only add to its output;
    # where words are asked for, it is the answer.
    prose = tuple(sorted({*claim.prose, *claim.code} - {*code}))
    return Claim(
        question=question,
        belief=belief,
        heading=mark.part,
        heading_text=claim.heading_text,
        code=code,
        prose=prose,
        text_code=claim.text_code,
        why=_under(parts, mark, claim.heading_text, code or claim.text_code),
    )


def _under(parts: Sequence[Part], mark: Mark, text: str, answer: Sequence[int]) -> str:
    place = parts[mark.part].place
    said = f'"{text}"'
    if not answer:
        return f"no code stands under {said} ({place})"
    if parts[answer[0]].place == place:
        return f"{_places(parts, answer)} {_verb(answer, 'begin')} with {said}"
    return f"{_places(parts, answer)} {_verb(answer, 'stand')} under {said} ({place})"


def _verb(answer: Sequence[int], verb: str) -> str:
    return verb if len(answer) > 1 else f"{verb}s"


def _places(parts: Sequence[Part], answer: Sequence[int]) -> str:
    """Cells 8, 9 and 11."""
    places = [*dict.fromkeys(parts[place].place for place in answer)]
    if len(places) == 1:
        return places[0]
    noun = places[0].split()[0]
    numbers = [place.split()[1] for place in places]
    return f"{noun}s {', '.join(numbers[:-1])} and {numbers[-1]}"


def _claim(
    parts: Sequence[Part],
    question: str,
    own: Sequence[int],
    *,
    belief: Belief,
    why: str,
    mark: Mark | None = None,
) -> Claim:
    code = tuple(p for p in own if is_code(parts[p]))
    prose = tuple(p for p in own if p not in code and _has_words(parts, p, mark))
    heading = _quoted(mark.heading) if mark else ""
    return Claim(
        question=question,
        belief=belief,
        heading=mark.part if mark else None,
        heading_text=heading,
        code=code,
        prose=prose,
        text_code=tuple(p for p in prose if text_code(parts[p]) is not None),
        why=why,
    )


def _quoted(heading: Heading) -> str:
    return heading.text if len(heading.text) <= _SHOWN else heading.text[: _SHOWN - 3] + "..."


def _has_words(parts: Sequence[Part], place: int, mark: Mark | None) -> bool:
    """Whether a part says anything besides its heading."""
    if mark is not None and place == mark.part and mark.heading.says_more:
        return True
    if mark is None or place != mark.part:
        return bool(parts[place].source.strip())
    lines = parts[place].source.splitlines()
    rest = lines[: mark.heading.line] + lines[mark.heading.line + mark.heading.span :]
    return any(plain(line) for line in rest)

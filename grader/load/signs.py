"""What tells where an answer begins in code that has no heading for it.

Some name a function after each question, and call them all at the end. Some have the
headings printed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import groupby, pairwise

from msgspec import Struct, structs

from grader.load.headings import QUESTIONS, Heading, heading_at
from grader.load.parts import Part
from grader.load.strings import outside_strings

_DEFINITION = re.compile(r"(?:async\s+def|def|class)\s+(\w+)")
_NAME = re.compile(
    r"(?:run_|solve_|do_)?(?:(?:q|qn|ques|question|ans|answer|sol|solution)"
    r"|(?P<weak>task|ex|exercise|prob|problem))_*(?:no_*)?0*(?P<number>[1-9]\d?)(?:_\w+)?",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"\s|#|$|[)\]}]|(?:else|elif|except|finally)\b")
"""How a line begins that belongs to the statement above it, or to none."""

_CALL = re.compile(r"^[ \t]*(?:if\b.*:[ \t]*)?(\w+)\(", re.MULTILINE)
_LONE_CALL = re.compile(r"\w+\([^\n]*\)\s*(?:#[^\n]*)?\s*")
_STARTS = re.compile(r"\b(?:Process|Pool|ProcessPoolExecutor)\(")
_PRINT = re.compile(r"print\(\s*[fFrR]?(?P<quote>'''|\"\"\"|'|\")(?P<text>.*)")

Place = tuple[int, int]
"""A part, and a line of its source, both from 0."""


class _Statement(Struct, frozen=True):
    """A statement at the top level, with the comments below it."""

    place: Place
    text: str

    @property
    def defines(self) -> str | None:
        """The function or class that it defines."""
        found = _DEFINITION.match(self.text)
        return found[1] if found else None

    @property
    def calls(self) -> list[str]:
        """What it calls by statements of their own."""
        return _CALL.findall(self.text)

    @property
    def is_call(self) -> bool:
        """Whether it is nothing else but one call."""
        first, *rest = self.text.splitlines()
        return bool(_LONE_CALL.fullmatch(first)) and all(re.match(r"\s*(?:#|$)", r) for r in rest)


def by_name(parts: Sequence[Part], known: Mapping[Place, tuple[str, ...]]) -> dict[Place, Heading]:
    """The functions named after questions that `known` does not have, and where they end.

    They end where those of several questions are called, also if these have headings: that
    is a heading for no question.
    """
    statements = [one for place, part in enumerate(parts) for one in _statements(place, part)]
    named = _named(
        statements, {question for questions in known.values() for question in questions}
    )
    found: dict[Place, Heading] = {}
    owners: dict[str, tuple[str, ...]] = {}
    headings = sorted(known)
    section: tuple[str, ...] = ()
    begins: dict[Place, Place] = {}
    start: Place = (0, 0)
    for one in statements:
        while headings and headings[0] <= one.place:
            start = headings.pop(0)
            section = known[start]
        own = named.get(one.place)
        if own is not None and own.questions != section:
            found[one.place], section, start = own, own.questions, one.place
        if one.defines:
            owners.setdefault(one.defines, section)
        begins[one.place] = start
    for _, group in groupby(statements, lambda one: (begins[one.place], one.is_call or one.place)):
        calls = [*group]
        called = {q for one in calls for name in one.calls for q in owners.get(name, ())}
        first = calls[0]
        # Below a heading, what starts processes itself may be the answer to it.
        ends = begins[first.place] in found or not _STARTS.search(first.text)
        if len(called) > 1 and first.place not in {**known, **named} and ends:
            found[first.place] = _heading(first, None, None)
    return found


def is_named_after_a_question(part: Part) -> bool:
    """Whether a part defines a function that is."""
    return any(_NAME.fullmatch(one.defines or "") for one in _statements(0, part))


def printed(part: Part) -> Iterator[Heading]:
    """The headings that code prints; in a cell only before it does anything else."""
    for one in _statements(0, part):
        if (says := _PRINT.match(one.text)) is not None:
            text = says["text"].partition(says["quote"])[0]
            heading = heading_at([text], 0)
            if heading is not None and heading.kind in ("text", "question", "answer"):
                yield structs.replace(heading, line=one.place[1], span=1)
        if not part.in_script:
            break


def _named(statements: Sequence[_Statement], known: Set[str]) -> dict[Place, Heading]:
    """The definitions that are named after questions, if they are about the exercises.

    What is called task1, task2 ... is rather given to processes than to be handed in.
    """
    found: dict[Place, Heading] = {}
    weak: dict[Place, Heading] = {}
    for one in statements:
        name = _NAME.fullmatch(one.defines or "")
        number = int(name["number"]) if name else None
        question = next((q.id for q in QUESTIONS if q.number == number), None)
        if name and question and question not in known:
            (weak if name["weak"] else found)[one.place] = _heading(one, number, question)
    exercises = {question.id for question in QUESTIONS if not question.in_words}
    if {heading.question for heading in weak.values()} >= exercises:
        found |= weak
    named = {heading.question for heading in found.values()} | known
    return found if len(named & exercises) > 1 else {}


def _heading(one: _Statement, number: int | None, question: str | None) -> Heading:
    _, line = one.place
    return Heading(
        line=line,
        span=0,
        kind="name",
        number=number,
        question=question,
        text=one.text.splitlines()[0].rstrip(),
    )


def _statements(place: int, part: Part) -> Iterator[_Statement]:
    if part.type != "code":
        return
    lines = part.source.splitlines()
    starts = [n for n in outside_strings(lines) if not _GOES_ON.match(lines[n])]
    for start, end in pairwise([*starts, len(lines)]):
        yield _Statement((place, start), "\n".join(lines[start:end]))

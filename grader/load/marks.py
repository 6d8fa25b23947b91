"""Which of the lines that look like headings count in this file.

A list in somebody's answer looks like "1.", "2.", "3.", and an answer to question 2 may
begin with "Ans - 1]". So how the other questions of the same file are marked decides.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from grader.load.headings import Heading, heading_at, plain
from grader.load.parts import Part
from grader.load.prose import is_statement
from grader.load.python import parse

_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")
_TRIPLE = re.compile(r"'''|\"\"\"")
_STRING_BEGINS = re.compile(r"[rRfFuUbB]{0,2}(?:'''|\"\"\")\s*")
_STUB = re.compile(r"\W*(?:ans(?:wer)?|sol(?:utio)?n?)?\W*\d*\W*", re.IGNORECASE)
_ALONE = re.compile(r"(?:[A-Za-z]+[\s.:\-#]*)?[(\[]?\d{1,2}[\s.:)\]\-]*")


class Mark(Struct, frozen=True):
    """A heading, and the part of the file that it stands in."""

    part: int
    heading: Heading


def marks(parts: Sequence[Part]) -> tuple[Mark, ...]:
    """The headings that count, in their order."""
    seen = [Mark(place, heading) for place, part in enumerate(parts) for heading in _seen(part)]
    worded = [mark for mark in seen if mark.heading.kind in ("text", "question")]
    numbered = [mark for mark in seen if mark.heading.kind == "answer"]
    counted = _with_answers(list(_without_listings(worded, numbered, parts)), seen, parts)
    if not worded and not numbered:
        counted = [mark for mark in seen if mark.heading.kind == "task"]
        if len(_questions(counted)) < 2:
            counted = _rising([mark for mark in seen if _may_be_bare(mark, parts)])
    known = _questions([*worded, *counted])
    hints = [m for m in seen if m.heading.kind == "hint" and m.heading.question not in known]
    return tuple(sorted([*counted, *hints], key=lambda mark: (mark.part, mark.heading.line)))


def has_content(parts: Sequence[Part], mark: Mark, following: Mark | None) -> bool:
    """Whether anything stands between two headings but another word for "answer"."""
    start = mark.heading.line + mark.heading.span
    if following is not None and following.part == mark.part:
        return _says_more(parts[mark.part].source.splitlines()[start : following.heading.line])
    lines = parts[mark.part].source.splitlines()[start:]
    last = len(parts) if following is None else following.part
    for part in parts[mark.part + 1 : last]:
        lines += part.source.splitlines()
    if following is not None:
        lines += parts[last].source.splitlines()[: following.heading.line]
    return _says_more(lines)


def _says_more(lines: Sequence[str]) -> bool:
    return any(not _STUB.fullmatch(plain(line)) for line in lines)


def _questions(counted: Sequence[Mark]) -> set[str]:
    return {question for mark in counted for question in mark.heading.questions}


def _with_answers(
    worded: Sequence[Mark], seen: Sequence[Mark], parts: Sequence[Part]
) -> list[Mark]:
    """The headings, and the numbered answers to questions that have none.

    An answer right below a question is the answer to that, whatever its number.
    """
    known = _questions(worded)
    counted: list[Mark] = []
    for mark in seen:
        if mark in worded:
            counted.append(mark)
        elif mark.heading.kind == "answer" and not known & {*mark.heading.questions}:
            above = counted[-1] if counted else None
            if above is None or above not in worded or has_content(parts, above, mark):
                counted.append(mark)
    return counted


def _without_listings(
    worded: Sequence[Mark], numbered: Sequence[Mark], parts: Sequence[Part]
) -> Iterator[Mark]:
    """All headings but those of a mere list of the questions.

    Such a list has three or more in a row without an answer. It stands in one cell, or its
    questions are marked elsewhere too.
    """
    run: list[Mark] = []
    for number, mark in enumerate(worded):
        run.append(mark)
        following = worded[number + 1] if number + 1 < len(worded) else None
        if following is not None and not has_content(parts, mark, following):
            continue
        others = _questions([*(m for m in worded if m not in run), *numbered])
        in_one_cell = (
            len({parts[m.part].cell for m in run}) == 1 and not parts[mark.part].in_script
        )
        if len(_questions(run)) < 3:
            yield from run
        elif not in_one_cell:
            yield from (m for m in run if not others & {*m.heading.questions})
        run = []


def _may_be_bare(mark: Mark, parts: Sequence[Part]) -> bool:
    """Whether it is a bare number, and the first thing in its part or alone in its line."""
    if mark.heading.kind != "bare" or mark.heading.question is None:
        return False
    lines = parts[mark.part].source.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    alone = _ALONE.fullmatch(plain(lines[mark.heading.line])) is not None
    return mark.heading.line == first or alone


def _rising(bare: Sequence[Mark]) -> list[Mark]:
    """The longest run of numbers that rise, which those of lists within answers disturb.

    Among equals, numbers that stand alone or in code are rather headings than others.
    """
    best: list[tuple[float, list[Mark]]] = []
    for mark in bare[:200]:
        alone = _ALONE.fullmatch(mark.heading.text) is not None
        before = max(
            (run for run in best if (run[1][-1].heading.number or 0) < (mark.heading.number or 0)),
            key=lambda run: run[0],
            default=(0.0, []),
        )
        best.append((before[0] + 1 + alone / 2, [*before[1], mark]))
    found = max(best, key=lambda run: run[0], default=(0.0, []))[1]
    return found if len(found) > 1 else []


def _seen(part: Part) -> Iterator[Heading]:
    """All that looks like a heading in a part."""
    lines = part.source.splitlines()
    below = 0
    for number in _candidates(part, lines):
        first = _first_words(lines, number) if part.type == "code" else number
        if number >= below and (heading := heading_at(lines, first)):
            span = first - number + heading.span
            below = number + span
            yield structs.replace(heading, line=number, span=span)


def _first_words(lines: list[str], number: int) -> int:
    """The line itself, or the first with words in it of a string that begins in this line."""
    if _STRING_BEGINS.fullmatch(lines[number]):
        below = range(number + 1, len(lines))
        return next((line for line in below if lines[line].strip()), number)
    return number


def _candidates(part: Part, lines: list[str]) -> Iterator[int]:
    if part.type != "code":
        fenced = False
        for number, line in enumerate(lines):
            if _FENCE.match(line):
                fenced = not fenced
            elif not fenced:
                yield number
        return
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    whole = parse(part.source) is not None
    for number in _outside_strings(lines):
        line = lines[number].removeprefix(indent)
        marked = line[:1] in ("#", "'", '"') or _ALONE.fullmatch(line.strip())
        bare = not whole and line[:1].strip() and not is_statement(line)
        if marked or (bare and parse(line) is None):
            yield number


def _outside_strings(lines: list[str]) -> list[int]:
    """The lines that do not begin within a string of several lines.

    One that is never closed hides nothing: it is a mistake, and headings follow.
    """
    outside: list[int] = []
    hidden: list[int] = []
    quote = ""
    for number, line in enumerate(lines):
        (hidden if quote else outside).append(number)
        if not quote and line.lstrip().startswith("#"):
            continue
        for sign in _TRIPLE.findall(line):
            if not quote:
                quote = sign
            elif sign == quote:
                quote, hidden = "", []
    return sorted([*outside, *hidden])

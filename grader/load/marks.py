"""Which of the lines that look like headings count in this file.

A list in somebody's answer looks like "1.", "2.", "3.", and an answer to question 2 may
begin with "Ans - 1]". So how the other questions of the same file are marked decides.
"""

import re
from collections.abc import Iterator, Sequence, Set
from functools import lru_cache
from itertools import islice

from msgspec import Struct, structs

from grader.load.guards import without_guard
from grader.load.headings import Heading, heading_at, plain
from grader.load.parts import Part
from grader.load.prose import is_statement
from grader.load.python import parse
from grader.load.signs import by_name, printed
from grader.load.strings import outside_strings

_FENCE = re.compile(r"\s{0,3}(?:`{3,}|~{3,})")
_STRING_BEGINS = re.compile(r"[rRfFuUbB]{0,2}(?:'''|\"\"\")\s*")
_STUB = re.compile(r"\W*(?:ans(?:wer)?|sol(?:utio)?n?)?\W*\d*\W*", re.IGNORECASE)
_TITLE = re.compile(r"\s{0,3}(#+)\s*\d")
_ALONE = re.compile(r"(?:[A-Za-z]+[\s.:\-#]*)?[(\[]?\d{1,2}[\s.:)\]\-]*")


_MOST = 500
"""Lines of a file that are looked at as headings, each beside all the others. An assignment of six
questions has some dozens, with the numbered lists in its answers.
"""


class Mark(Struct, frozen=True):
    """A heading, and the part of the file that it stands in."""

    part: int
    heading: Heading


def marks(parts: Sequence[Part]) -> tuple[Mark, ...]:
    """The headings that count, in their order."""
    all_seen = (
        Mark(place, heading) for place, part in enumerate(parts) for heading in _seen(part)
    )
    seen = list(islice(all_seen, _MOST))
    worded = [mark for mark in seen if mark.heading.kind in ("text", "question")]
    numbered = [mark for mark in seen if mark.heading.kind == "answer"]
    counted = _with_answers(list(_without_listings(worded, numbered, parts)), seen, parts)
    if not worded and not numbered:
        counted = [mark for mark in seen if mark.heading.kind == "task"]
        if len(_questions(counted)) < 2:
            counted = []
    counted += _titled_alike(worded, seen, parts)
    hints = [mark for mark in seen if mark.heading.kind == "hint"]
    counted += _printed(parts, _questions([*worded, *counted]))
    counted += _by_name(parts, [*counted, *hints])
    if not counted:
        counted = _in_row([mark for mark in seen if _may_be_bare(mark, parts)])
    known = _questions([*worded, *counted])
    counted += [mark for mark in hints if mark.heading.question not in known]
    return tuple(sorted(counted, key=_order))


@lru_cache(maxsize=8)
def _lines(source: str) -> tuple[str, ...]:
    """The lines of a part, which are asked for at each of its headings."""
    return tuple(source.splitlines())


def _order(mark: Mark) -> tuple[int, int]:
    return mark.part, mark.heading.line


def _titled_alike(
    worded: Sequence[Mark], seen: Sequence[Mark], parts: Sequence[Part]
) -> list[Mark]:
    """Titles with a bare number such as others with the words of a question have, too."""
    known = _questions(worded)
    levels = {_level(mark, parts) for mark in worded if mark.heading.number} - {None}
    return [
        mark
        for mark in seen
        if mark.heading.kind == "bare"
        and not known & {*mark.heading.questions}
        and _level(mark, parts) in levels
    ]


def _level(mark: Mark, parts: Sequence[Part]) -> str | None:
    """The signs of a title that begins with its number."""
    part = parts[mark.part]
    title = _TITLE.match(_lines(part.source)[mark.heading.line])
    return title[1] if title and part.type == "markdown" else None


def _printed(parts: Sequence[Part], known: Set[str]) -> list[Mark]:
    """The headings that the code prints, if it does so for several questions."""
    found = [
        Mark(place, heading)
        for place, part in enumerate(parts)
        for heading in printed(part)
        if heading.question is not None and heading.question not in known
    ]
    return found if len(_questions(found)) > 1 else []


def _by_name(parts: Sequence[Part], counted: Sequence[Mark]) -> list[Mark]:
    known = {_order(mark): mark.heading.questions for mark in sorted(counted, key=_order)}
    return [Mark(place, heading) for (place, _), heading in by_name(parts, known).items()]


def has_content(parts: Sequence[Part], mark: Mark, following: Mark | None) -> bool:
    """Whether anything stands between two headings but another word for "answer"."""
    if mark.heading.says_more:
        return True
    start = mark.heading.line + mark.heading.span
    if following is not None and following.part == mark.part:
        return _says_more(_lines(parts[mark.part].source)[start : following.heading.line])
    lines = _lines(parts[mark.part].source)[start:]
    last = len(parts) if following is None else following.part
    for part in parts[mark.part + 1 : last]:
        lines += _lines(part.source)
    if following is not None:
        lines += _lines(parts[last].source)[: following.heading.line]
    return _says_more(lines)


def _says_more(lines: Sequence[str]) -> bool:
    return any(not _STUB.fullmatch(plain(line)) for line in lines)


def _questions(counted: Sequence[Mark]) -> set[str]:
    return {question for mark in counted for question in mark.heading.questions}


def _with_answers(
    worded: Sequence[Mark], seen: Sequence[Mark], parts: Sequence[Part]
) -> list[Mark]:
    """The headings, and the numbered answers to questions that have none.

    An answer right below a question is the answer to that, whatever its number: unless all
    the questions come first, and then the answers.
    """
    known = _questions(worded)
    unanswered = _unanswered(worded, parts)
    answered = _questions([mark for mark in seen if mark.heading.kind == "answer"])
    counted: list[Mark] = []
    for mark in seen:
        above = counted[-1] if counted else None
        own = {*mark.heading.questions}
        if mark in worded:
            counts = True
        elif mark.heading.kind != "answer":
            counts = False
        elif above is None or above not in worded:
            # Where one answer stands apart from its question, the next may do so too.
            counts = not own & known or (above is not None and not own & _questions([above]))
        elif has_content(parts, above, mark):
            counts = not own & known or bool(own & unanswered)
        else:
            counts = bool(own) and own <= unanswered and _questions([above]) <= answered - own
        if counts:
            counted.append(mark)
    return counted


def _unanswered(worded: Sequence[Mark], parts: Sequence[Part]) -> set[str]:
    """The questions that nothing stands below before the next one."""
    answered = [
        mark
        for number, mark in enumerate(worded)
        if has_content(parts, mark, worded[number + 1] if number + 1 < len(worded) else None)
    ]
    return _questions(worded) - _questions(answered)


def _without_listings(
    worded: Sequence[Mark], numbered: Sequence[Mark], parts: Sequence[Part]
) -> Iterator[Mark]:
    """All headings but those of a mere list of the questions.

    Such a list has three or more in a row without an answer. It stands in one cell, and the
    other questions do not follow elsewhere; or its questions are marked elsewhere too.
    """
    run: list[Mark] = []
    for number, mark in enumerate(worded):
        run.append(mark)
        following = worded[number + 1] if number + 1 < len(worded) else None
        if following is not None and not has_content(parts, mark, following):
            continue
        others = _questions([*(m for m in worded if m not in run), *numbered])
        own = _questions(run)
        if len(own) < 3 or (others and not others & own):
            yield from run
        elif not _in_one_cell([parts[m.part] for m in run]):
            yield from (m for m in run if not others & {*m.heading.questions})
        run = []


def _in_one_cell(parts: Sequence[Part]) -> bool:
    if parts[0].in_script:
        return len({part.index for part in parts}) == 1 and parts[0].type == "markdown"
    return len({part.cell for part in parts}) == 1


def _may_be_bare(mark: Mark, parts: Sequence[Part]) -> bool:
    """Whether it is a bare number, and the first thing in its part or alone in its line."""
    if mark.heading.kind != "bare" or mark.heading.question is None:
        return False
    lines = _lines(parts[mark.part].source)
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    alone = _ALONE.fullmatch(plain(lines[mark.heading.line])) is not None
    return mark.heading.line == first or alone


def _in_row(bare: Sequence[Mark]) -> list[Mark]:
    """The numbers that rise; or those that fall, where somebody has answered all backwards."""
    rising = _rising(bare)
    falling = _rising(bare[::-1])[::-1]
    return falling if len(rising) < 3 and len(_questions(falling)) >= 5 else rising


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
    lines = [without_guard(line) for line in _lines(part.source)]
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
    for number in outside_strings(lines):
        line = lines[number].removeprefix(indent)
        marked = line[:1] in ("#", "'", '"') or _ALONE.fullmatch(line.strip())
        bare = not whole and line[:1].strip() and not is_statement(line)
        if marked or (bare and parse(line) is None):
            yield number

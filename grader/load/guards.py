"""Answers that stand below each other in one main guard, each under a comment."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from grader.load.headings import heading_at
from grader.load.parts import Part
from grader.load.python import parse
from grader.load.signs import is_named_after_a_question
from grader.load.strings import outside_strings

_GUARD = r"if\s+__name__\s*==\s*(?:'__main__'|\"__main__\")\s*:"
_GUARD_LINE = re.compile(_GUARD + r"[ \t]*(?:#.*)?\n?")
_BEFORE_COMMENT = re.compile(_GUARD + r"\s*(?=#)")
_TOP_LEVEL = re.compile(r"[^\s#)\]}]")


def without_guard(line: str) -> str:
    """The comment behind a main guard; other lines as they are."""
    return _BEFORE_COMMENT.sub("", line)


def with_guards(part: Part) -> Iterator[Part]:
    """A part, its main guard cut where the answer to another question begins.

    Each piece gets the guard for itself, on the line of the comment: so each is a program,
    on the lines where it was.
    """
    lines = part.source.splitlines(keepends=True)
    found = _headings(part, lines) if part.type == "code" else []
    pieces = list(_pieces(lines, *found)) if len(found) > 2 else []
    whole = parse(part.source) is not None
    if not pieces or (whole and any(parse(source) is None for _, source in pieces)):
        yield part
        return
    for start, source in pieces:
        if source.strip():
            yield structs.replace(part, line=part.line + start, source=source)


def _headings(part: Part, lines: Sequence[str]) -> list[int]:
    """The line of the guard and those of the headings in it, if there are several."""
    outside = outside_strings(lines)
    guard = next((n for n in outside if _GUARD_LINE.fullmatch(lines[n])), None)
    if guard is None or is_named_after_a_question(part):
        return []
    body = [n for n in outside if n > guard and lines[n].strip()]
    end = next((n for n in body if _TOP_LEVEL.match(lines[n])), len(lines))
    indent = _indent(lines[body[0]]) if body else ""
    named: dict[int, tuple[str, ...]] = {}
    for number in body:
        line = lines[number]
        if number < end and line.lstrip().startswith("#") and _indent(line) == indent != "":
            heading = heading_at(lines, number)
            if heading is not None and heading.kind in ("text", "question", "answer"):
                named[number] = heading.questions
    return [guard, *named] if len({*named.values()}) > 1 else []


def _pieces(lines: Sequence[str], guard: int, *headings: int) -> Iterator[tuple[int, str]]:
    """The first line of each piece, and its source."""
    above = lines[guard + 1 : headings[0]]
    yield 0, "".join(lines[: headings[0]] if "".join(above).strip() else lines[:guard])
    for start, end in pairwise([*headings, len(lines)]):
        first = f"{lines[guard].partition('#')[0].rstrip()}  {lines[start].lstrip()}"
        yield start, first + "".join(lines[start + 1 : end])


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]

"""Cutting parts that hold several answers, or words and code."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from grader.load.guards import with_guards
from grader.load.marks import marks
from grader.load.parts import Part
from grader.load.prose import trim
from grader.load.strings import with_text


def split(parts: Sequence[Part], *, always: bool = False) -> tuple[Part, ...]:
    """The parts, cut where the answer to another question begins.

    A part with one question stays whole, wherever its heading stands, unless `always`.
    """
    parts = numbered(
        piece for part in parts for text in with_text(part) for piece in with_guards(text)
    )
    cuts: dict[int, list[int]] = {}
    named: dict[int, set[tuple[str, ...]]] = {}
    last: tuple[str, ...] = ()
    for mark in marks(parts):
        questions = mark.heading.questions
        if not named.get(mark.part) or questions != last:
            cuts.setdefault(mark.part, []).append(mark.heading.line)
        named.setdefault(mark.part, set()).add(questions)
        last = questions
    pieces: list[Part] = []
    for place, part in enumerate(parts):
        several = len(named.get(place, ())) > 1 or always
        pieces += _cut(part, cuts.get(place, []) if several else [])
    return numbered(piece for part in pieces for piece in _without_words(part))


def numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, counted from 0."""
    return tuple(msgspec.structs.replace(part, index=n) for n, part in enumerate(parts))


def _cut(part: Part, lines: Sequence[int]) -> list[Part]:
    """A part, cut above these of its lines, counted from 0; blank pieces are left out."""
    source = part.source.splitlines(keepends=True)
    edges = [0, *(line for line in lines if line), len(source)]
    pieces = [
        msgspec.structs.replace(part, line=part.line + start, source="".join(source[start:end]))
        for start, end in pairwise(edges)
    ]
    return [piece for piece in pieces if piece.source.strip()] if len(pieces) > 1 else [part]


def _without_words(part: Part) -> list[Part]:
    """A code cell, without prose above and below its code that would be a SyntaxError."""
    found = trim(part.source) if part.type == "code" else None
    if found is None:
        return [part]
    start, end = found
    source = part.source.splitlines(keepends=True)
    pieces = _cut(part, [line for line in (start, end) if 0 < line < len(source)])
    code = part.line + start
    return [
        piece if piece.line == code else msgspec.structs.replace(piece, type="markdown")
        for piece in pieces
    ]

"""Strings that stand alone in code: there, people write what belongs into Markdown cells.

So does Google Colab when it saves a notebook as a script: one string for each stretch of
text cells, with all the questions in it and the answers to those that ask for words.
"""

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import structs

from grader.load.headings import heading_at
from grader.load.parts import Part
from grader.load.prose import reads_like_words
from grader.load.python import parse

_TRIPLE = re.compile(r"'''|\"\"\"")
_BEGINS = re.compile(r"[rRuU]?('''|\"\"\"|'|\")")


def with_text(part: Part) -> Iterator[Part]:
    """A part, its lone strings that name questions as text of their own.

    Others only explain the code around them, or are code that somebody took out.
    """
    lines = part.source.splitlines(keepends=True)
    strings = dict(_lone(part.source, lines)) if part.type == "code" else {}
    texts = {
        start: text
        for start, end in strings.items()
        if _names_questions(text := _unquoted("".join(lines[start:end])))
    }
    if not texts:
        yield part
        return
    edges = sorted({0, len(lines), *texts, *(strings[start] for start in texts)})
    for start, end in pairwise(edges):
        source = texts.get(start) or "".join(lines[start:end])
        if source.strip():
            yield structs.replace(
                part,
                line=part.line + start,
                type="markdown" if start in texts else "code",
                source=source,
            )


def outside_strings(lines: Sequence[str]) -> list[int]:
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


def _lone(source: str, lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The first line of each string that is a statement, and the line after its last."""
    outside = [*outside_strings(lines), len(lines)]
    tree = parse(source)
    statements = {(node.lineno - 1, node.end_lineno) for node in tree.body} if tree else set()
    for start, end in pairwise(outside):
        begins = _BEGINS.match(lines[start])
        text = "".join(lines[start:end]).rstrip()
        # With a mistake elsewhere in the source, the look of these lines has to do.
        alone = tree is None or (start, end) in statements
        if begins and alone and text.endswith(begins[1]) and _is_string(text):
            yield start, end


def _is_string(text: str) -> bool:
    tree = parse(text)
    match tree.body if tree else ():
        case [ast.Expr(value=ast.Constant(value=str()))]:
            return True
        case _:
            return False


def _unquoted(text: str) -> str:
    """What stands between the quotation marks, on the lines where it was."""
    if begins := _BEGINS.match(text):
        return text.rstrip()[begins.end() : -len(begins[1])] + "\n"
    return text


def _names_questions(text: str) -> bool:
    lines = text.splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not reads_like_words(lines):
        return False
    for number in range(first, len(lines)):
        heading = heading_at(lines, number)
        if heading is not None and (heading.kind != "bare" or number == first):
            return True
    return False

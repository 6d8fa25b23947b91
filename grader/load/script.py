"""Scripts that hold a whole assignment: from the file to its parts."""

import io
import re
import tokenize
from pathlib import Path

import msgspec

from grader.load.content import LARGEST_SOURCE, content
from grader.load.marks import marks
from grader.load.parts import MOST_CELLS, Part, without_surrogates
from grader.load.prose import is_code
from grader.load.python import parse
from grader.load.split import numbered, split

_CELL = re.compile(r"#[ \t]*(?:%%+|In[ \t]*\[[ \d*]*\]:?)(?P<kind>.*)", re.DOTALL)
_COMMENT = re.compile(r"^#[ \t]?", re.MULTILINE)
_CORE = {"q3", "q5", "q6"}


def read_script(path: Path) -> tuple[Part, ...]:
    """The pieces of a .py file: cut at the marks of cells, and where a question begins.

    Comments that stand alone are Markdown, without the comment signs; so are lone strings
    that name questions, without the quotation marks. Bytes that are no
    text in the file's encoding become U+FFFD; the pieces are for finding answers.
    """
    return split_script(decoded(content(path, LARGEST_SOURCE)))


def decoded(source: bytes) -> str:
    """The text of a Python file, in the encoding that it declares."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding, errors="replace")
    except (SyntaxError, LookupError, ValueError):
        text = source.decode("utf-8-sig", errors="replace")
    return without_surrogates(text.replace("\r\n", "\n").replace("\r", "\n"))


def split_script(text: str) -> tuple[Part, ...]:
    """The pieces of a script's source."""
    pieces = split(_cells(text), always=True)
    return tuple(
        msgspec.structs.replace(_as_text(piece), index=number, cell=number)
        for number, piece in enumerate(pieces)
    )


def holds_several(parts: tuple[Part, ...]) -> bool:
    """Whether a script is a whole assignment: it marks at least two different questions."""
    marked = marks(parts)
    found = {question for mark in marked for question in mark.heading.questions}
    # The steps of one answer may be numbered, and called tasks; they are not all of these.
    steps = any(mark.heading.kind in ("bare", "task") for mark in marked)
    return len(found) > 1 and (found >= _CORE or not steps)


def _cells(text: str) -> tuple[Part, ...]:
    """The pieces between the lines that editors and nbconvert mark cells with."""
    found: list[Part] = []
    lines: list[str] = []
    kind, start = "", 1

    def end() -> None:
        if any(map(str.strip, lines)):
            markdown = "[markdown]" in kind or "[md]" in kind
            source = "".join(lines)
            found.append(
                Part(
                    index=0,
                    cell=0,
                    line=start,
                    type="markdown" if markdown else "code",
                    source=_uncommented(source) if markdown else source,
                    in_script=True,
                )
            )

    for number, line in enumerate(io.StringIO(text), start=1):
        if len(found) < MOST_CELLS and (mark := _CELL.match(line)):
            end()
            kind, lines, start = mark["kind"].lower(), [], number + 1
        else:
            lines.append(line)
    end()
    return numbered(found)


def _as_text(piece: Part) -> Part:
    """A piece that has no code in it, as the text that it is."""
    if piece.type != "code" or is_code(piece):
        return piece
    tree = parse(piece.source)
    if tree is not None and tree.body:
        return piece  # a string, or the like
    source = _uncommented(piece.source) if tree is not None else piece.source
    return msgspec.structs.replace(piece, type="markdown", source=source)


def _uncommented(source: str) -> str:
    return _COMMENT.sub("", source)

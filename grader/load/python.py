"""Python as notebooks have it: what IPython accepts and a file does not."""

import ast
import re
import warnings

from grader.load.content import LONGEST_PARSED

_CELL_MAGIC = re.compile(r"%%(\w+)")
_PYTHON_MAGICS = frozenset(
    {"capture", "file", "prun", "python", "python3", "time", "timeit", "writefile"}
)
"""Cell magics whose cell is Python; what is written to a file, so that spawn finds it, is too."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_MAGIC_LINE = re.compile(r"(\s*)(?:[%!?].*|[\w.]+\?{1,2}\s*)")
_TIMED = re.compile(r"(\s*)%(?:time|timeit|prun)\s+(?!-)(\S.*)")
_MAGIC_VALUE = re.compile(r"(\s*[\w, ]+=\s*)[%!].*")


def plain_python(source: str) -> str:
    """The source without what only IPython understands, line for line.

    The first line's indentation is taken off all lines, as IPython does, and magics and
    shell commands become `pass`. A cell in another language is empty.
    """
    lines = _LINE_END.split(source.lstrip("\ufeff"))
    first = next((line for line in lines if line.strip()), "")
    indent = first[: len(first) - len(first.lstrip())]
    lines = [line.removeprefix(indent) for line in lines]
    magic = _CELL_MAGIC.match(first.strip())
    if magic and magic[1] not in _PYTHON_MAGICS:
        return "\n" * len(lines)
    plain = "\n".join(lines) + "\n"
    without = "\n".join(map(_without_magic, lines)) + "\n"
    if magic is None and without != plain and _parse(plain) is not None:
        return plain  # a line may well begin with % in the middle of an expression
    return without


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a source as IPython would read it; None if it is no Python."""
    return _parse(plain_python(source))


def _without_magic(line: str) -> str:
    if timed := _TIMED.fullmatch(line):
        return f"{timed[1]}{timed[2]}"
    if magic := _MAGIC_LINE.fullmatch(line):
        return f"{magic[1]}pass"
    if value := _MAGIC_VALUE.fullmatch(line):
        return f"{value[1]}None"
    return line


def _parse(source: str) -> ast.Module | None:
    if len(source) > LONGEST_PARSED:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, and not for us
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None

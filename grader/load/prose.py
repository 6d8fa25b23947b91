"""What is code and what is words, whatever kind of cell it stands in."""

import ast
import re
import textwrap

from grader.load.headings import heading_at, plain
from grader.load.parts import Part
from grader.load.python import parse

_STATEMENT = re.compile(
    r"\s*(?:import\s+\w[\w., ]*|from\s+[\w.]+\s+import\b.*|(?:async\s+)?def\s+\w+\s*\(.*"
    r"|class\s+\w+\s*[(:].*|@\w[\w.]*(?:\(.*)?|(?:if|elif|while|for|with)\b.*:\s*(?:#.*)?|(?:else|try|finally)\s*:.*"
    r"|except\b.*:\s*|return\b.{0,60}|[\w.]+(?:\[[^]]*\])?\s*[-+*/]?=(?!=).*|[A-Za-z_][\w.]*\(.*)"
)
"""A line that is a statement of Python, or was meant to be one."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_ANSWER_ONLY = re.compile(r"\W*(?:ans(?:wer)?|sol(?:utio)?n?)\W*", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})\s*\{?\.?(\w*)")
_LANGUAGES = frozenset({"", "python", "python3", "py", "py3", "ipython", "ipython3"})


def is_code(part: Part) -> bool:
    """Whether it is a code cell with a program in it, or with what was meant as one.

    Comments, lone strings and prose that only stands in a code cell are no code.
    """
    if part.type != "code" or not part.source.strip():
        return False
    tree = parse(part.source)
    if tree is None:
        return not reads_like_words(part.source.splitlines())
    return not all(map(_is_words, tree.body))


def only_prints_text(part: Part) -> bool:
    """Whether a code cell does nothing but print fixed text."""
    tree = parse(part.source)
    return tree is not None and all(_prints_text(node) or _is_words(node) for node in tree.body)


def reads_like_words(lines: list[str]) -> bool:
    """Whether lines that are no Python are rather prose than a program with a mistake."""
    said = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    statements = sum(is_statement(line) for line in said)
    words = sum(_is_prose(line) for line in said)
    return words > statements or statements == 0


def is_statement(line: str) -> bool:
    """Whether a line looks like a statement of Python."""
    return _STATEMENT.fullmatch(line) is not None


def trim(source: str) -> tuple[int, int] | None:
    """The code within prose: its first line, and the line after its last.

    None if the source is Python as it stands, or if there is no code worth the name in it.
    """
    if parse(source) is not None:
        return None
    lines = source.splitlines()
    starts = [number for number, line in enumerate(lines) if is_statement(line)]
    if not starts:
        return None
    first = starts[0]
    while first and lines[first - 1].lstrip().startswith("#") and not heading_at(lines, first - 1):
        first -= 1
    last = len(lines)
    while last > first and (not lines[last - 1].strip() or _is_prose(lines[last - 1])):
        last -= 1
    for end in (len(lines), last):
        tree = parse("\n".join(lines[first:end]))
        if tree is not None:
            return (first, end) if _has_substance(tree) else None
    attempted = len(starts) > 2 and not reads_like_words(lines[first:])
    return (first, len(lines)) if attempted else None


def text_code(part: Part) -> str | None:
    """The program in a Markdown or raw cell: its fenced blocks, or all but the prose around it.

    None where there is none: a lone import or a name within prose is none.
    """
    if part.type == "code":
        return None
    lines = part.source.splitlines()
    blocks = list(_fenced(lines))
    if blocks:
        code = "\n\n".join(blocks)
        tree = parse(code)
        return code + "\n" if tree is None or _has_substance(tree) else None
    rest = "\n".join(lines[_headings_end(lines) :])
    source = textwrap.dedent(rest)
    tree = parse(source)
    if tree is None:
        found = trim(source)
        if found is None:
            return None
        source = textwrap.dedent("\n".join(source.splitlines()[slice(*found)]))
        tree = parse(source)
    return source.strip("\n") + "\n" if tree is not None and _has_substance(tree) else None


def _headings_end(lines: list[str]) -> int:
    """The number of the first line below the headings that a cell begins with."""
    number = 0
    while number < len(lines):
        if heading := heading_at(lines, number):
            number += heading.span
        elif lines[number].strip() and not _ANSWER_ONLY.fullmatch(lines[number]):
            break
        else:
            number += 1
    return number


def _fenced(lines: list[str]) -> list[str]:
    """The fenced blocks that are Python, or name no language; an open one ends with the cell."""
    blocks: list[list[str]] = []
    fence, wanted = "", False
    for line in lines:
        found = _FENCE.match(line)
        if fence and found and found[1].startswith(fence):
            fence = ""
        elif fence:
            if wanted:
                blocks[-1].append(line)
        elif found:
            fence, wanted = found[1], found[2].lower() in _LANGUAGES
            if wanted:
                blocks.append([])
    return [textwrap.dedent("\n".join(block)) for block in blocks if any(map(str.strip, block))]


def _has_substance(tree: ast.Module) -> bool:
    """Whether it defines or calls something; a sentence that happens to parse does not."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Call)
    return any(isinstance(node, kinds) for node in ast.walk(tree))


def _is_words(node: ast.stmt) -> bool:
    """A statement that is text only: a string, or the lone word Answer."""
    if isinstance(node, ast.AnnAssign) and node.value is None:
        return _ANSWER_ONLY.match(ast.unparse(node.target)) is not None
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    if isinstance(value, ast.Name):
        return heading_at([value.id], 0) is not None or bool(_ANSWER_ONLY.fullmatch(value.id))
    return isinstance(value, ast.Constant) and isinstance(value.value, str | int | float)


def _prints_text(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=args)):
            return all(
                isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in args
            )
        case _:
            return False


def _is_prose(line: str) -> bool:
    return not is_statement(line) and len(_WORD.findall(plain(line))) > 2

"""Submissions: from what a learner hands in to the program that is run."""

import ast
import io
import tokenize
import warnings
from pathlib import Path

from msgspec import Struct

_LONGEST_PARSED = 1 << 20
"""Bytes of a source that are looked at for a skeleton; longer ones are no skeletons."""


class Program(Struct, frozen=True):
    """An answer that can be run: its file."""

    path: Path


class Missing(Struct, frozen=True):
    """An answer that is not there, and why."""

    why: str


class NotAProgramError(ValueError):
    """A submission that is no Python program."""


def load(path: Path, exercise_id: str) -> Program | Missing:
    """The answer to one exercise in a submission: a .py file, or a folder of them.

    Raises FileNotFoundError if there is nothing at `path`, NotAProgramError if that is
    neither a folder nor a .py file.
    """
    if not path.exists():
        raise FileNotFoundError(path)
    file = path / f"{exercise_id}.py" if path.is_dir() else path
    if file.suffix.lower() != ".py":
        raise NotAProgramError(f"{file} is no .py file, and only those can be graded.")
    if not file.is_file():
        return Missing(f"There is no {file.name} in {path}.")
    if is_blank(file):
        return Missing(
            f"{file} has no code of yours yet. Open it, put your program where it says TODO, "
            f"and run `grade {exercise_id}` again."
        )
    return Program(file)


def find_exercises(start: Path) -> Path | None:
    """The folder `exercises`, beside or above `start`."""
    for folder in (start, *start.parents):
        candidate = folder / "exercises"
        if candidate.is_dir():
            return candidate
    return None


def is_blank(file: Path) -> bool:
    """Whether a program does nothing at all: an untouched skeleton, or an empty file.

    Only imports, constants standing alone, and functions that do nothing and calls of
    those are nothing.
    """
    if file.stat().st_size > _LONGEST_PARSED:
        return False
    try:
        source = file.read_bytes()
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, and not for us
            tree = ast.parse(source.decode(encoding))
    except (SyntaxError, ValueError, LookupError, RecursionError, MemoryError):
        return False  # not nothing: Python will say what is wrong with it
    idle = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and all(map(_is_idle, node.body))
    }
    return all(_is_nothing(node, idle) for node in tree.body)


def _is_nothing(node: ast.stmt, idle: set[str]) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom():
            return True
        case ast.FunctionDef(name=name):
            return name in idle
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=body, orelse=[]):
            return all(_is_nothing(inner, idle) for inner in body)
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[], keywords=[])):
            return name in idle
        case _:
            return _is_idle(node)


def _is_idle(node: ast.stmt) -> bool:
    """A statement without effect: pass, a docstring, an ellipsis."""
    if isinstance(node, ast.Pass):
        return True
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

"""One answer: a .py file, or one of a folder."""

import ast
import io
import tokenize
import warnings
from pathlib import Path
from stat import S_ISDIR

from msgspec import Struct

from grader.load.content import (
    LARGEST_SOURCE,
    LONGEST_PARSED,
    NotAProgramError,
    NothingThereError,
    TooLargeError,
    UnreadableError,
    content,
    unreadable,
)
from grader.load.filenames import is_for_one
from grader.load.folder import candidates, nothing_in


class Program(Struct, frozen=True):
    """An answer that can be run: its file."""

    path: Path


class Assignment(Struct, frozen=True):
    """A file that holds the answers to several questions, or a notebook."""

    path: Path


class Missing(Struct, frozen=True):
    """An answer that is not there, and why."""

    why: str


def load(path: Path, exercise_id: str) -> Program | Assignment | Missing:
    """The answer to one exercise in a submission: a .py file, a notebook, or a folder.

    In a folder it is the first of its candidates (see `folder`) in which something is
    written. Raises FileNotFoundError if there is nothing at `path`, NotAProgramError if that
    is none of those, or cannot be read.
    """
    try:
        return _load(path, exercise_id)
    except UnreadableError:
        raise
    except FileNotFoundError as error:
        raise NothingThereError(f"there is nothing at {path}.") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _load(path: Path, exercise_id: str) -> Program | Assignment | Missing:
    if not S_ISDIR(path.stat().st_mode):
        return _in_file(path, exercise_id)
    missing: dict[Path, Missing] = {}
    empty: list[Program | Assignment] = []
    for file in candidates(path, exercise_id, is_blank):
        answer = _in_folder(path, file, exercise_id)
        if isinstance(answer, Missing):
            missing[file] = answer
        elif _has_no_code(answer):
            empty.append(answer)  # no answer, unless there is no other: then that is told
        else:
            return answer
    first = missing.get(path / f"{exercise_id}.py") or next(iter(missing.values()), None)
    return next(iter(empty), None) or first or Missing(nothing_in(path, exercise_id))


def _in_folder(folder: Path, file: Path, exercise_id: str) -> Program | Assignment | Missing:
    if not file.resolve().is_relative_to(folder.resolve()):
        return Missing(
            f"{file} is a link that leads out of its folder: put the file itself there."
        )
    if file.suffix.lower() == ".ipynb" and _is_unwritten(file, exercise_id):
        return Missing(f"There is no code of yours in {file} yet.")
    return _in_file(file, exercise_id)


def _has_no_code(answer: Program | Assignment) -> bool:
    """Whether it is a notebook without any, or one that cannot be read."""
    if answer.path.suffix.lower() != ".ipynb":
        return False
    from grader.load.notebook import BrokenNotebookError, read_notebook
    from grader.load.prose import is_code, text_code

    try:
        parts = read_notebook(answer.path)
    except BrokenNotebookError:
        return True
    return not any(is_code(part) or text_code(part) for part in parts)


def _is_unwritten(notebook: Path, exercise_id: str) -> bool:
    """Whether a notebook has a place for the answer, and nothing there."""
    from grader.load.find import find
    from grader.load.notebook import BrokenNotebookError, read_notebook

    try:
        parts = read_notebook(notebook)
    except BrokenNotebookError:
        return False
    claims = find(parts).claims.get(exercise_id, ())
    code = [parts[place] for claim in claims for place in claim.code]
    has_words = any(claim.text_code for claim in claims)
    return bool(code) and not has_words and all(is_blank_source(part.source) for part in code)


def _in_file(file: Path, exercise_id: str) -> Program | Assignment | Missing:
    if file.suffix.lower() == ".ipynb":
        return Assignment(file)
    if file.suffix.lower() != ".py":
        raise NotAProgramError(
            f"{file} is neither a program (.py) nor a notebook (.ipynb): name one of these."
        )
    try:
        source = content(file, LARGEST_SOURCE)
    except TooLargeError as error:
        return Missing(str(error))
    if not is_for_one(file):
        from grader.load.script import decoded, holds_several, split_script

        if holds_several(split_script(decoded(source))):
            return Assignment(file)
    if is_blank(source):
        return Missing(
            f"{file} has no code of yours yet. Open it, put your program where it says TODO, "
            f"and run `grade {exercise_id}` again."
        )
    return Program(file)


def holds_prose(path: Path) -> bool:
    """Whether a submission has room for answers in words: a file that holds all answers."""
    return path.is_file() and isinstance(_in_file(path, ""), Assignment)


def prose_ids() -> tuple[str, ...]:
    """The ids of the questions that are answered in words."""
    from grader.load.headings import QUESTIONS

    return tuple(question.id for question in QUESTIONS if question.in_words)


def find_exercises(start: Path) -> Path | None:
    """The folder `exercises`, beside or above `start`."""
    for folder in (start, *start.parents):
        candidate = folder / "exercises"
        if candidate.is_dir():
            return candidate
    return None


def is_blank(source: bytes) -> bool:
    """Whether a program does nothing at all: an untouched skeleton, or an empty file."""
    if len(source) > LONGEST_PARSED:
        return False
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return is_blank_source(source.decode(encoding))
    except (SyntaxError, ValueError, LookupError):
        return False  # not nothing: Python will say what is wrong with it


def is_blank_source(source: str) -> bool:
    """Whether a program does nothing at all.

    Only imports, constants standing alone, and functions that do nothing and calls of
    those are nothing.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the learner's code, and not for us
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
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
    """A statement without effect: pass, a docstring, an ellipsis, and nbgrader's stub."""
    match node:
        case ast.Raise(exc=ast.Name(id=name) | ast.Call(func=ast.Name(id=name))):
            return name == "NotImplementedError"
        case ast.Expr(value=value):
            return isinstance(value, ast.Constant)
        case _:
            return isinstance(node, ast.Pass)

"""One answer: a .py file, or one of a folder."""

import ast
import io
import re
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

    In a folder it is the file of its name, or else a file that holds all answers: of several
    that hold code the one that was changed last. Raises FileNotFoundError if there is
    nothing at `path`, NotAProgramError if that is none of those, or cannot be read.
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
    found = [_in_folder(path, file, exercise_id) for file in _candidates(path, exercise_id)]
    there = [answer for answer in found if not isinstance(answer, Missing)]
    there.sort(key=lambda answer: answer.path.stat().st_mtime_ns, reverse=True)
    # One that cannot be read is no answer, unless there is no other: then that is to be told.
    readable = [answer for answer in there if not _is_broken(answer)]
    missing = [answer for answer in found if isinstance(answer, Missing)]
    nothing = Missing(f"There is no {exercise_id}.py in {path}.")
    return (readable or there or missing or [nothing])[0]


def _in_folder(folder: Path, file: Path, exercise_id: str) -> Program | Assignment | Missing:
    if not file.resolve().is_relative_to(folder.resolve()):
        return Missing(
            f"{file} is a link that leads out of its folder: put the file itself there."
        )
    if file.suffix == ".ipynb" and _is_unwritten(file, exercise_id):
        return Missing(f"There is no code of yours in {file} yet.")
    return _in_file(file, exercise_id)


def _is_broken(answer: Program | Assignment) -> bool:
    """Whether it is a notebook that cannot be read."""
    from grader.load.notebook import BrokenNotebookError, read_notebook

    try:
        if answer.path.suffix == ".ipynb":
            read_notebook(answer.path)
    except BrokenNotebookError:
        return True
    return False


def _candidates(folder: Path, exercise_id: str) -> list[Path]:
    """The files of a folder that may hold the answer.

    The kit hands out the same exercise as a program, as a notebook, and in one for all.
    """
    named = [folder / f"{exercise_id}.py", folder / f"{exercise_id}.ipynb"]
    files = [file for file in named if file.is_file()]
    notebooks = (file for file in sorted(folder.glob("*.ipynb")) if not _is_for_one(file))
    whole = [file for file in notebooks if file.is_file()]
    if len(whole) == 1:
        files += whole
    return files


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


def _is_for_one(file: Path) -> bool:
    return re.fullmatch(r"q\d+", file.stem) is not None


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
    if not _is_for_one(file):
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

"""Notebooks: from the file to its parts."""

import json
import re
from pathlib import Path
from typing import Any

from grader.load.content import (
    LARGEST_NOTEBOOK,
    LARGEST_SOURCE,
    NotAProgramError,
    TooLargeError,
    content,
    size,
)
from grader.load.headings import QUESTIONS
from grader.load.parts import MOST_CELLS, Part, without_surrogates
from grader.load.split import split

_TYPES = {"code": "code", "markdown": "markdown", "raw": "raw"}
_ID = re.compile(
    r"(?:^|[^a-z0-9])(?:question|exercise|problem|answer|task|ans|sol|ex|qn?)[\s_.\-]*0*([1-9][0-9]?)(?![0-9])",
    re.IGNORECASE,
)


class BrokenNotebookError(NotAProgramError):
    """A file that is no notebook, or none that can be graded."""


def read_notebook(path: Path) -> tuple[Part, ...]:
    """The cells of a notebook, those with several answers in pieces.

    Any version is read that nbformat can convert, also where fields are missing that do not
    matter here. Raises BrokenNotebookError, with one line for people, if the file cannot be
    graded as a notebook, and UnreadableError if the system does not let it be read.
    """
    cells = _cells(path, open_notebook(path))
    parts = [_part(number, cell) for number, cell in enumerate(cells)]
    if sum(len(part.source) for part in parts if part.type == "code") > LARGEST_SOURCE:
        raise BrokenNotebookError(
            f"{path} has more than {size(LARGEST_SOURCE)} of code, which no assignment has: "
            "hand in the code alone, and the data that it reads in a file beside it."
        )
    return split(parts)


def open_notebook(path: Path) -> Any:
    """A notebook in version 4 of the format, whatever version it has. Raises as above."""
    try:
        return _converted(path, _json(path, content(path, LARGEST_NOTEBOOK)))
    except TooLargeError as error:
        raise BrokenNotebookError(str(error)) from error


def _json(path: Path, text: bytes) -> Any:
    if not text.strip():
        raise BrokenNotebookError(f"{path} is empty.")
    try:
        return json.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BrokenNotebookError(f"{path} is no notebook: it is not UTF-8 text.") from error
    except RecursionError as error:
        raise BrokenNotebookError(f"{path} is nested too deeply for a notebook.") from error
    except ValueError as error:
        said = " ".join(str(error).split())
        raise BrokenNotebookError(f"{path} is no notebook: it is not JSON ({said}).") from error


def _converted(path: Path, notebook: Any) -> Any:
    """The notebook in version 4 of the format."""
    if not isinstance(notebook, dict) or not {"cells", "worksheets", "nbformat"} & notebook.keys():
        raise BrokenNotebookError(f"{path} is JSON, but no notebook.")
    import nbformat

    major = notebook.get("nbformat", 4 if "cells" in notebook else 3)
    known = nbformat.versions.get(major) if isinstance(major, int) else None
    if known is None:
        raise BrokenNotebookError(f"{path} is in a version of the format that nobody knows.")
    try:
        read = known.to_notebook_json(_completed(path, notebook))
        return read if major == 4 else nbformat.convert(read, 4)
    except BrokenNotebookError:
        raise
    except Exception as error:  # nbformat raises whatever a malformed cell leads to
        said = " ".join(f"{type(error).__name__}: {error}".split())
        raise BrokenNotebookError(f"{path} is no notebook that can be read ({said}).") from error


def _completed(path: Path, notebook: dict[str, Any]) -> dict[str, Any]:
    """With metadata wherever nbformat would stop where they are missing."""
    if "cells" not in notebook:
        return _with_metadata(notebook)
    cells = [_with_metadata(cell) for cell in _cells(path, notebook)]
    return _with_metadata(notebook) | {"cells": cells}


def _with_metadata(thing: dict[str, Any]) -> dict[str, Any]:
    metadata = thing.get("metadata")
    return thing | {"metadata": metadata if isinstance(metadata, dict) else {}}


def _cells(path: Path, notebook: dict[str, Any]) -> list[Any]:
    cells = notebook.get("cells", [])
    if not isinstance(cells, list):
        raise BrokenNotebookError(
            f"{path} is no notebook that can be read: its cells are no list."
        )
    if len(cells) > MOST_CELLS:
        raise BrokenNotebookError(
            f"{path} has {len(cells):,} cells, and no assignment has more than {MOST_CELLS:,}: "
            "hand in the cells of the answers alone."
        )
    for number, cell in enumerate(cells, start=1):
        where = f"{path} is no notebook that can be read: its cell {number}"
        if not isinstance(cell, dict):
            raise BrokenNotebookError(f"{where} is no JSON object.")
        source = cell.get("source", "")
        lines = source if isinstance(source, list) else [source]
        if not all(isinstance(line, str) for line in lines):
            raise BrokenNotebookError(f"{where} has a source that is no text.")
    return cells


def _part(number: int, cell: Any) -> Part:
    metadata = cell.get("metadata")
    return Part(
        index=number,
        cell=number,
        type=_TYPES.get(str(cell.get("cell_type")), "raw"),  # type: ignore[arg-type]
        source=without_surrogates(cell.get("source", "")),
        exercise=_text(_section(metadata, "grader"), "exercise"),
        grade_id=_grade_id(_section(metadata, "nbgrader")),
    )


def _section(metadata: Any, name: str) -> dict[str, Any]:
    found = metadata.get(name) if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def _text(section: dict[str, Any], key: str) -> str | None:
    found = section.get(key)
    return found if isinstance(found, str) and found else None


def _grade_id(nbgrader: dict[str, Any]) -> str | None:
    """The question that nbgrader's id of a cell names; a cell of tests is no answer."""
    if nbgrader.get("solution") is False:
        return None
    found = _ID.search(_text(nbgrader, "grade_id") or "")
    id_ = f"q{found[1]}" if found else None
    return id_ if any(question.id == id_ for question in QUESTIONS) else None

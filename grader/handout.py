"""Notebooks: questions as learners open them in Jupyter, two cells each.

The first cell is the question in words, the second is for the answer. Both name their
exercise in their metadata, which survives what learners do to the text.
"""

import json
import re
from collections.abc import Iterator, Mapping

ANSWER_HERE = "*Your answer here*"

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_PERCENT = {
    "extension": ".py",
    "format_name": "percent",
    # A comment such as #!/usr/bin/python3 would otherwise become a command for the shell.
    "comment_magics": False,
}

_DOCSTRING = re.compile(r'"""(.*?)"""\n+', re.DOTALL)
_CHECK = re.compile(r"^ +(\w+) +", re.MULTILINE)
_HOW_TO_GRADE = "How to run the grader"


def notebook(name: str, programs: Mapping[str, str], prose: Mapping[str, str]) -> str:
    """The text of the notebook file `name`, its questions in the order of their numbers.

    `programs` are sources by exercise, whose docstrings are the questions; `prose` are
    questions to be answered in words.
    """
    import jupytext  # type: ignore[import-untyped]

    ids = sorted({*programs, *prose}, key=_by_number)
    cells: list[str] = []
    for id_ in ids:
        cells += _programming(id_, programs[id_], name) if id_ in programs else _prose(id_, prose)
    made = jupytext.reads("\n".join(cells), fmt=_PERCENT)
    # What jupytext notes about the text that it read would differ from release to release.
    made.metadata = _METADATA
    cell_ids = (f"{id_}-{part}" for id_ in ids for part in ("question", "answer"))
    for cell, cell_id in zip(made.cells, cell_ids, strict=True):
        cell.id = cell_id
        cell.metadata.pop("lines_to_next_cell", None)
    return f"{jupytext.writes(made, fmt='ipynb')}\n"


def _by_number(id_: str) -> tuple[int, str]:
    """What sorts the ids of exercises by their numbers: q10 comes after q9."""
    return len(id_), id_


def _programming(id_: str, program: str, name: str) -> Iterator[str]:
    found = _DOCSTRING.match(program)
    docstring, code = (found[1], program[found.end() :]) if found else (id_.upper(), program)
    title, *paragraphs = docstring.strip().split("\n\n")
    words = [
        f"## {' '.join(title.split())}",
        # How to grade the .py file is not how to grade the notebook.
        *(_listed(text) for text in paragraphs if not text.startswith(_HOW_TO_GRADE)),
        f"{_HOW_TO_GRADE}, in a terminal in this folder, once the notebook is saved:",
        f"```sh\ngrade {id_} {name}\n```",
    ]
    yield _markdown(id_, "\n\n".join(words))
    yield f"# %% {_tagged(id_)}\n{code}"


def _prose(id_: str, prose: Mapping[str, str]) -> Iterator[str]:
    yield _markdown(id_, f"## {id_.upper()}. {prose[id_]}")
    yield _markdown(id_, ANSWER_HERE)


def _listed(paragraph: str) -> str:
    """A paragraph with its indented lines, each a check and its meaning, as a list."""
    return _CHECK.sub(r"- `\1`: ", paragraph)


def _markdown(id_: str, text: str) -> str:
    """A Markdown cell, as jupytext's percent format has it."""
    lines = (f"# {line}".rstrip() for line in text.split("\n"))
    return "\n".join([f"# %% [markdown] {_tagged(id_)}", *lines, ""])


def _tagged(id_: str) -> str:
    return json.dumps({"grader": {"exercise": id_}, "tags": [id_]})

"""Notebooks of all ages are read, and what is none is said to be none."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.load.find import Found, find
from grader.load.notebook import BrokenNotebookError, read_notebook
from tests.load.kit import code, md, parts


def _read(folder: Path, content: str | bytes) -> list[tuple[str, str]]:
    path = folder / "some.ipynb"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [(part.type, part.source) for part in read_notebook(path)]


def test_the_cells_of_a_notebook_are_its_parts(tmp_path: Path) -> None:
    found = parts(tmp_path, md("Q6"), code("print(6)", grader={"exercise": "q6"}))
    assert [(part.index, part.cell, part.line, part.type) for part in found] == [
        (0, 0, 1, "markdown"),
        (1, 1, 1, "code"),
    ]
    assert found[1].exercise == "q6"
    assert [part.place for part in found] == ["cell 1", "cell 2"]


@pytest.mark.parametrize(
    "grade_id", ["q6", "Q6", "question_6", "ex6-answer", "cell-q06", "exercise6", "my.answer.6"]
)
def test_an_id_of_nbgrader_names_a_question(tmp_path: Path, grade_id: str) -> None:
    (part,) = parts(tmp_path, code("1", nbgrader={"grade_id": grade_id, "solution": True}))
    assert part.grade_id == "q6"


@pytest.mark.parametrize("grade_id", ["cell-6f21aa", "q16", "q61", "", 6, None, "seq6"])
def test_other_ids_name_none(tmp_path: Path, grade_id: object) -> None:
    (part,) = parts(tmp_path, code("1", nbgrader={"grade_id": grade_id}))
    assert part.grade_id is None


def test_version_3_has_worksheets_and_input(tmp_path: Path) -> None:
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": "Q6", "metadata": {}},
                    {
                        "cell_type": "code",
                        "input": ["print(1)\n", "print(2)"],
                        "outputs": [],
                        "language": "python",
                        "collapsed": False,
                        "metadata": {},
                    },
                ]
            }
        ],
    }
    assert _read(tmp_path, json.dumps(old)) == [
        ("markdown", "## Q6"),
        ("code", "print(1)\nprint(2)"),
    ]


def test_what_a_notebook_lacks_matters_little(tmp_path: Path) -> None:
    for notebook in (
        {"cells": [{"cell_type": "code", "source": ["a\n", "b"]}]},
        {
            "nbformat": 4,
            "cells": [{"cell_type": "code", "source": "a\nb", "id": 3, "metadata": []}],
        },
        {"nbformat": 4, "nbformat_minor": 99, "cells": [{"cell_type": "code", "source": "a\nb"}]},
    ):
        assert _read(tmp_path, json.dumps(notebook)) == [("code", "a\nb")]
        assert _read(tmp_path, b"\xef\xbb\xbf" + json.dumps(notebook).encode()) == [
            ("code", "a\nb")
        ]
    assert _read(tmp_path, '{"cells": []}') == []


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("print(1)", "not JSON"),
        ('{"cells": [', "not JSON"),
        ("[1]", "no notebook"),
        ("{}", "no notebook"),
        ('"cells"', "no notebook"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        ('{"cells": "none"}', "read"),
        ('{"nbformat": 4}', "read"),
        ('{"nbformat": 3, "worksheets": 5}', "read"),
        ('{"nbformat": {"a": 1}}', "version"),
        ('{"cells": [5]}', "cell 1 is no JSON object"),
        ('{"cells": [{"source": 5}]}', "cell 1 has a source that is no text"),
        ('{"cells": [{"source": ["a", 5]}]}', "cell 1 has a source that is no text"),
        ("[" * 100_000 + "]" * 100_000, "deep"),
    ],
)
def test_what_is_no_notebook_is_said_to_be_none_in_one_line(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    with pytest.raises(BrokenNotebookError, match=said) as caught:
        _read(tmp_path, content)
    assert "\n" not in str(caught.value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("# Q6\nimport os"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("cells", "worksheets", "nbformat", "metadata", "source", "input"),
                    *("cell_type", "grader", "nbgrader"),
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON, st.sampled_from([3, 4, 2, 5, None]))
def test_no_json_leads_to_another_error(
    tmp_path_factory: pytest.TempPathFactory, data: Any, version: int | None
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.ipynb"
    wrapped = {"nbformat": version, "cells": [data, {"cell_type": "code", "source": data}]}
    for notebook in (data, wrapped, {"nbformat": version, "worksheets": [{"cells": [data]}]}):
        path.write_text(json.dumps(notebook))
        try:
            assert isinstance(find(read_notebook(path)), Found)
        except BrokenNotebookError as error:
            assert "\n" not in str(error)  # noqa: PT017  that it may be raised is the point


@given(st.lists(st.text("Qq6A5ns.:-)(\n #'\"`%=*1 \t\r\x0c\u2028\0", max_size=40), max_size=5))
def test_no_text_leads_to_an_error(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "text.ipynb"
    for kind in ("code", "markdown", "raw"):
        cells = [{"cell_type": kind, "source": text} for text in texts]
        path.write_text(json.dumps({"cells": cells}))
        found = read_notebook(path)
        find(found)
        assert [part.index for part in found] == list(range(len(found)))


def test_a_notebook_is_read_without_importing_what_runs_it(tmp_path: Path) -> None:
    assert "nbclient" not in sys.modules or parts(tmp_path, code("1"))

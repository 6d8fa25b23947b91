"""Scripts that hold a whole assignment, and those that are a single answer."""

from pathlib import Path

import pytest

from grader.load.find import find
from grader.load.script import holds_several, read_script
from tests.conftest import ROOT
from tests.load.kit import FOUR, ONE, POOL, TEXT, Answers, script


@pytest.mark.parametrize(
    "heading",
    ["# Q{n}. {text}", "# {n}. {text}", "#Ans {n}", "QUESTION:-{n}. {text}", "'''Q{n}. {text}'''"],
)
def test_a_script_is_cut_where_a_question_begins(tmp_path: Path, heading: str) -> None:
    source = "".join(
        f"{heading.format(n=n, text=TEXT[f'q{n}'])}\n{answer}\n"
        for n, answer in ((3, ONE), (5, POOL), (6, FOUR))
    )
    parts = script(tmp_path, source)
    assert holds_several(parts)
    found = Answers(parts)
    for question, answer in (("q3", ONE), ("q5", POOL), ("q6", FOUR)):
        assert found.source(question).rstrip().endswith(answer.rstrip())
        assert len(found.claims(question)) == 1
        assert POOL not in found.source(question) or question == "q5"


@pytest.mark.parametrize("mark", ["# %%", "# In[3]:", "#%% code", "# In[ ]:"])
def test_a_script_is_cut_at_the_marks_of_cells(tmp_path: Path, mark: str) -> None:
    source = f"# Q5\n\n{mark}\n{POOL}\n# Q6. {TEXT['q6']}\n\n{mark}\n{FOUR}"
    parts = script(tmp_path, source)
    assert [part.type for part in parts] == ["markdown", "code", "markdown", "code"]
    assert [part.place for part in parts][:2] == ["line 1", "line 4"]
    found = find(parts)
    assert found.claims["q5"][0].code == (1,)
    assert found.claims["q6"][0].code == (3,)
    assert found.claims["q6"][0].why == f'line 12 stands under "Q6. {TEXT["q6"][:73]}..." (line 9)'


def test_a_markdown_cell_of_a_script_is_text(tmp_path: Path) -> None:
    parts = script(tmp_path, "# %% [markdown]\n# ## Q6\n# some words\n# %%\nprint(6)\n")
    assert [(part.type, part.source) for part in parts] == [
        ("markdown", "## Q6\nsome words\n"),
        ("code", "print(6)\n"),
    ]


def test_line_ends_and_encodings_do_not_matter(tmp_path: Path) -> None:
    source = f"# Q5 größer\n{POOL}\n# Q6\n{FOUR}"
    plain = script(tmp_path, source)
    assert script(tmp_path, source.replace("\n", "\r\n")) == plain
    assert script(tmp_path, b"\xef\xbb\xbf" + source.encode()) == plain
    latin = script(tmp_path, b"# coding: latin-1\n" + source.encode("latin-1"))
    assert "größer" in latin[1].source
    assert holds_several(script(tmp_path, source.encode("latin-1")))
    assert holds_several(script(tmp_path, b"# coding: nonsense\n" + source.encode()))


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "exercises").glob("*.py")), *sorted((ROOT / "solutions").glob("*.py"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_the_kits_own_files_are_single_answers(path: Path) -> None:
    assert not holds_several(read_script(path))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "tests" / "submissions").glob("q*/*/*.py")), ids=str
)
def test_so_are_those_of_the_zoo(path: Path) -> None:
    assert not holds_several(read_script(path))


@pytest.mark.parametrize(
    "source",
    [
        f'"""Q6. {TEXT["q6"]}"""\n{FOUR}',
        f"# Q6\n{FOUR}",
        f"# 1. first\nimport os\n\n# 2. second\n{FOUR}\n# 3. third\n",
        f"# Task 1\nimport os\n# Task 2\n{FOUR}",
        FOUR,
        "",
    ],
)
def test_a_lone_answer_is_no_assignment(tmp_path: Path, source: str) -> None:
    assert not holds_several(script(tmp_path, source))

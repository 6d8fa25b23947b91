"""Answers that stand below each other in one main guard."""

from pathlib import Path
from textwrap import indent

import pytest

from grader.load.script import holds_several
from tests.load.kit import FOUR, ONE, POOL, Answers, answers, code, script

HEAD = "import os\n\n\ndef work():\n    print(1)\n\n\n"
GUARD = 'if __name__ == "__main__":'


def _guarded(heading: str, first: str = "", last: str = "") -> str:
    body = "".join(
        f"{heading.format(n=n)}\n{source}\n" for n, source in ((3, ONE), (5, POOL), (6, FOUR))
    )
    return f"{HEAD}{GUARD}\n{indent(first + body + last, '    ')}"


@pytest.mark.parametrize("heading", ["# Q{n}", "#Ans {n}", "# Question {n}: here"])
def test_each_gets_the_guard_for_itself_on_the_line_of_its_comment(
    tmp_path: Path, heading: str
) -> None:
    source = _guarded(heading)
    parts = script(tmp_path, source)
    assert holds_several(parts)
    found = Answers(parts)
    lines = source.splitlines()
    for n, answer in ((3, ONE), (5, POOL), (6, FOUR)):
        comment = heading.format(n=n)
        expected = f"{GUARD}  {comment}\n{indent(answer, '    ')}"
        assert found.source(f"q{n}").strip() == expected.strip()
        (place,) = found.claims(f"q{n}")[0].code
        assert lines[parts[place].line - 1].strip() == comment
        compile(parts[place].source, "answer", "exec")
    assert [parts[place].source for place in found.found.unclaimed] == [HEAD]


def test_what_stands_before_the_first_of_them_stays_in_a_guard(tmp_path: Path) -> None:
    first = "os.nice(0)\n"
    found = Answers(script(tmp_path, _guarded("# Q{n}", first)))
    (above,) = found.found.unclaimed
    assert found.parts[above].source.endswith(f"{GUARD}\n    {first}")


def test_so_it_is_in_a_cell(tmp_path: Path) -> None:
    found = answers(tmp_path, code(_guarded("# Q{n}")))
    for question in ("q3", "q5", "q6"):
        assert found.cells(question) == [[0]]
        assert found.source(question).startswith(f"{GUARD}  # Q{question[1]}\n")


@pytest.mark.parametrize(
    "source",
    [
        _guarded("# step {n}"),
        _guarded("# {n}."),
        f"{GUARD}\n    # Q6\n{indent(FOUR, '    ')}",
        f"{GUARD}\n    # Q3\n    # Q5\n{indent(POOL, '    ')}",
        f"{GUARD}\n    if True:\n        # Q3\n        print(3)\n        # Q5\n        print(5)\n",
        f'{GUARD}\n    print("""\n    # Q3\n    # Q5\n    """)\n',
        f"def q3():\n    pass\n{GUARD}\n    # Q3\n    q3()\n    # Q5\n    print(5)\n",
    ],
)
def test_other_guards_stay_whole(tmp_path: Path, source: str) -> None:
    assert [part.source for part in answers(tmp_path, code(source)).parts] == [source]

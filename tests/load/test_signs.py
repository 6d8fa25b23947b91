"""Answers in code that has no headings: named functions, and headings that are printed."""

from pathlib import Path

import pytest

from grader.load.script import holds_several
from tests.load.kit import FOUR, ONE, POOL, Answers, answers, code, md, script

HEAD = "from multiprocessing import Pool, Process\n\n\n"
BODY = "    print({n})\n\n\n"
GUARD = 'if __name__ == "__main__":\n'


def _defined(name: str, *numbers: int) -> str:
    return "".join(f"def {name.format(n=n)}():\n{BODY.format(n=n)}" for n in numbers)


def _called(name: str, *numbers: int) -> str:
    return GUARD + "".join(f"    {name.format(n=n)}()\n" for n in numbers)


def _unclaimed(found: Answers) -> str:
    return "".join(found.parts[place].source for place in found.found.unclaimed)


@pytest.mark.parametrize(
    "name", ["q{n}", "Q_{n}", "question_{n}", "answer{n}", "task{n}", "solve_q{n}", "q{n}_program"]
)
def test_a_function_named_after_a_question_begins_the_answer_to_it(
    tmp_path: Path, name: str
) -> None:
    calls = _called(name, 3, 5, 6)
    parts = script(tmp_path, HEAD + _defined(name, 3, 5, 6) + calls)
    assert holds_several(parts)
    found = Answers(parts)
    for n in (3, 5, 6):
        assert found.source(f"q{n}") == _defined(name, n)
        assert found.claims(f"q{n}")[0].why.endswith(f'begins with "def {name.format(n=n)}():"')
    assert _unclaimed(found) == HEAD + calls


def test_what_stands_below_such_a_function_is_its_own(tmp_path: Path) -> None:
    three = f"def q3():\n{BODY}def helper():\n{BODY}def q3_again():\n{BODY}q3()\n"
    found = Answers(script(tmp_path, three + _defined("q{n}", 6) + GUARD + "    q6()\n"))
    assert found.source("q3") == three
    assert len(found.claims("q3")) == 1
    assert found.source("q6").endswith("    q6()\n")


@pytest.mark.parametrize(
    "calls",
    [
        "q3()\nq5()\n\n# and\nq6()\n",
        "def main():\n    q3()\n    q5()\n    q6()\n\n\n" + GUARD + "    main()\n",
        GUARD + "    print('Q3')\n    q3()\n    print('Q5')\n    q5()\n    q6()\n",
    ],
)
def test_the_calls_of_them_all_are_nobodys(tmp_path: Path, calls: str) -> None:
    found = Answers(script(tmp_path, _defined("q{n}", 3, 5, 6) + calls))
    assert _unclaimed(found) == calls
    headed = "".join(
        f"# Q{n}\ndef {name}():\n{BODY}" for n, name in ((3, "one"), (5, "pool"), (6, "four"))
    )
    calls = calls.replace("q3", "one").replace("q5", "pool").replace("q6", "four")
    assert _unclaimed(Answers(script(tmp_path, headed + calls))) == calls


def test_below_a_heading_what_starts_processes_itself_stays(tmp_path: Path) -> None:
    last = f"{GUARD}    one()\n    pool()\n    Process(target=print, args=(4,)).start()\n"
    source = f"# Q3\ndef one():\n{BODY}# Q5\ndef pool():\n{BODY}# Q6\n{last}"
    assert Answers(script(tmp_path, source)).source("q6") == f"# Q6\n{last}"


def test_cells_of_a_notebook_are_known_by_their_functions_too(tmp_path: Path) -> None:
    found = answers(
        tmp_path, *(code(_defined("q{n}", n)) for n in (3, 5, 6)), code(_called("q{n}", 3, 5, 6))
    )
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[0]], [[1]], [[2]]]
    assert found.unclaimed == [3]


def test_headings_are_believed_rather_than_names(tmp_path: Path) -> None:
    found = answers(
        tmp_path, md("Q5"), code(_defined("q3", 0) + POOL), md("Q3"), code(ONE), md("Q6")
    )
    assert found.cells("q3") == [[3]]
    assert found.cells("q5") == [[1]]


@pytest.mark.parametrize(
    "source",
    [
        _defined("task{n}", 1, 2, 3, 4),
        _defined("process{n}", 3, 5, 6),
        _defined("q{n}", 6),
        "q3 = 1\nq5 = 2\nq6 = 3\n",
        "class Work:\n    def q3(self):\n        pass\n    def q5(self):\n        pass\n",
    ],
)
def test_other_names_say_nothing(tmp_path: Path, source: str) -> None:
    assert not holds_several(script(tmp_path, source))
    assert not any(answers(tmp_path, code(source)).found.claims.values())


def test_headings_may_be_printed(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        code('print("Question 1")\nprint("""It is this,\nand useful.""")'),
        code(f"print('Question 3')\n{ONE}"),
        code(f'print("""Q6. Four of them\n""")\n{FOUR}'),
    )
    assert found.cells("q1") == [[]]
    assert [found.parts[p].cell for p in found.claims("q1")[0].prose] == [0]
    assert [found.cells(q) for q in ("q3", "q6")] == [[[1]], [[2]]]
    assert found.unclaimed == []


def test_what_an_answer_prints_is_no_heading(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md("Q6"),
        code(f"{FOUR}print('Question 3')\nprint('Question 5')\n"),
        code("print('Answer: 4')"),
    )
    assert [found.claims(q) for q in ("q3", "q4", "q5")] == [(), (), ()]

"""Which parts of a whole assignment answer which question."""

from pathlib import Path
from typing import Any

import pytest

from tests.load.kit import FOUR, ONE, POOL, TEXT, answers, code, md, raw


@pytest.mark.parametrize("cell", [md, raw, code], ids=["markdown", "raw", "code"])
@pytest.mark.parametrize(
    "heading",
    [
        "{text}",
        "Q{n}. {text}",
        "Ans {n}",
        "{n}.)",
        "Question {n} :",
        "# Q{n}",
        "'''Q{n}. {text}'''",
    ],
)
def test_code_belongs_to_the_heading_above_it(tmp_path: Path, cell: Any, heading: str) -> None:
    cells = []
    for n, source in ((3, ONE), (5, POOL), (6, FOUR)):
        cells += [cell(heading.format(n=n, text=TEXT[f"q{n}"])), code(source)]
    found = answers(tmp_path, *cells)
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[1]], [[3]], [[5]]]
    assert found.unclaimed == []
    assert [found.claims(q) for q in ("q1", "q2", "q4")] == [(), (), ()]


@pytest.mark.parametrize(
    "heading", ["# Q{n}", "#Ans{n}.)", "'''Q{n}. {text}'''", "#{n}.", "Q{n}."]
)
def test_a_heading_can_stand_in_the_cell_of_the_code(tmp_path: Path, heading: str) -> None:
    found = answers(
        tmp_path,
        *(
            code(f"{heading.format(n=n, text=TEXT[f'q{n}'])}\n{source}")
            for n, source in ((3, ONE), (5, POOL), (6, FOUR))
        ),
    )
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[0]], [[1]], [[2]]]
    assert found.source("q6").endswith(FOUR)


def test_words_above_code_that_would_be_a_syntax_error_are_cut_off(tmp_path: Path) -> None:
    found = answers(tmp_path, code(f"Q6. {TEXT['q6']}\nAns - see here how it is done:\n{FOUR}"))
    assert found.source("q6") == FOUR


def test_prose_in_code_cells_is_no_code(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        code("Q5. " + TEXT["q5"]),
        code("It is done with the class Pool, which has workers.\nThey wait for tasks."),
        code("# only a remark\n"),
        code('"""A pool is a pool."""'),
        code(POOL),
        code("Let us look at what this does:\n# Pool(2) makes two workers"),
    )
    assert found.cells("q5") == [[4]]
    assert len(found.claims("q5")[0].prose) == 4


def test_an_attempt_at_code_remains_code(tmp_path: Path) -> None:
    broken = (
        "import multiprocessing\ndef work()\n    print(1)\nmultiprocessing.Process(target=work\n"
    )
    assert answers(tmp_path, md("Q6"), code(broken)).cells("q6") == [[1]]


def test_an_answer_may_take_several_cells(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md("Q5"),
        code("import os"),
        md("1. Now the pool"),
        code(POOL),
        code("pool"),
        md("Q6"),
    )
    assert found.cells("q5") == [[1, 3, 4]]
    assert found.cells("q6") == [[]]


def test_an_answer_given_twice_is_two_claims(tmp_path: Path) -> None:
    found = answers(tmp_path, md("Q6"), code(FOUR), md("Q5"), code(POOL), md("Q6"), code(FOUR))
    assert found.cells("q6") == [[1], [5]]
    doubled = answers(tmp_path, md("Q5."), code(POOL), md("Q5."), code(FOUR))
    assert doubled.cells("q5") == [[1], [3]]


def test_a_second_word_for_the_same_question_goes_on_with_it(tmp_path: Path) -> None:
    pool = [md("Q5. " + TEXT["q5"]), md("Ans 6 -"), code(POOL), md("Ans:"), code("pool")]
    found = answers(tmp_path, *pool, md("Q6"), md("Ans 6 -"), code(FOUR))
    assert found.cells("q5") == [[2, 4]]
    assert found.cells("q6") == [[7]]


def test_words_beat_numbers(tmp_path: Path) -> None:
    found = answers(
        tmp_path, md("Q4. " + TEXT["q5"]), code(POOL), md("Q5. " + TEXT["q6"]), code(FOUR)
    )
    assert found.cells("q5") == [[1]]
    assert found.cells("q6") == [[3]]
    assert found.cells("q4") == []


@pytest.mark.parametrize("shared", ["Q5 and Q6", "Q5. Pool\nQ6. Processes"])
def test_a_shared_heading_gives_its_code_to_both(tmp_path: Path, shared: str) -> None:
    found = answers(tmp_path, md("Q3"), code(ONE), md(shared), code(POOL + FOUR))
    assert found.cells("q5") == found.cells("q6") == [[3]]


def test_a_list_in_an_answer_marks_no_questions(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md("Q5. " + TEXT["q5"]),
        md("Ans - 1] Import it"),
        *(md(f"{n}. Then step number {n}") for n in range(2, 7)),
        code("# 3. the pool\n" + POOL + "# 6. the end\n"),
    )
    assert found.cells("q5") == [[7]]
    assert [found.claims(q) for q in ("q1", "q3", "q6")] == [(), (), ()]


def test_bare_numbers_count_where_they_are_all_there_is(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md("1. Multiprocessing is this:\n1. one\n2. two\n3. three"),
        md("2. A thread is that"),
        code("#3.\n" + ONE),
        md("4. A pool"),
        code("#5.\n" + POOL),
        code("6)\n"),
        code(FOUR),
    )
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[2]], [[4]], [[6]]]


@pytest.mark.parametrize("title", ["# {n}", "## {n}", "**{n}**", "### {n}."])
def test_so_do_titles_that_are_only_a_number(tmp_path: Path, title: str) -> None:
    cells = []
    for n, below in (
        (1, "Words"),
        (2, "1. more\n2. words"),
        (3, ONE),
        (4, ""),
        (5, POOL),
        (6, FOUR),
    ):
        heading = title.format(n=n)
        cells += [md(heading), code(below)] if n in (3, 5, 6) else [md(f"{heading}\n{below}")]
    found = answers(tmp_path, *cells)
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[3]], [[6]], [[8]]]
    assert [bool(found.claims(q)[0].prose) for q in ("q1", "q2", "q4")] == [True, True, False]
    with_words = answers(tmp_path, md("Q6"), code(FOUR), *cells[:4])
    assert [with_words.claims(q) for q in ("q1", "q3")] == [(), ()]


def test_numbers_may_fall_where_all_is_answered_backwards(tmp_path: Path) -> None:
    cells = [
        md("6 ->"),
        code(FOUR),
        md("5 ->"),
        code(POOL),
        md("4 -> words"),
        md("3 ->"),
        code(ONE),
    ]
    found = answers(tmp_path, *cells, md("2 -> words"))
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[6]], [[3]], [[1]]]
    assert not any(answers(tmp_path, *cells[2:]).found.claims.values())


def test_titles_like_those_of_questions_in_words_count_too(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md(f"### 1. {TEXT['q1']}\n3. it is this\n#### 5. it is that\n## Programs"),
        md("### 3. A process"),
        code(ONE),
        md("### 6. Four of them"),
        code(FOUR),
    )
    assert [found.cells(q) for q in ("q3", "q6")] == [[[2]], [[4]]]
    assert found.claims("q5") == ()


@pytest.mark.parametrize("between", [" Ans: ", " - ", " "])
def test_the_answer_in_the_line_of_its_question_is_found(tmp_path: Path, between: str) -> None:
    lines = [
        f"Q{n}. {TEXT[f'q{n}']}{between}it does what you see in the code below." for n in (1, 2, 4)
    ]
    apart = answers(tmp_path, *map(md, lines), md(f"Q3. {TEXT['q3']}"), code(ONE))
    together = answers(tmp_path, md("\n".join(lines)), code(ONE))
    for found in (apart, together):
        for question in ("q1", "q2", "q4"):
            assert len(found.claims(question)[0].prose) == 1
    assert apart.claims("q3")[0].prose == ()


def test_answers_may_follow_all_together_below_the_questions(tmp_path: Path) -> None:
    q3, q4, q5, q6 = (md(f"Q{n}. {TEXT[f'q{n}']}") for n in (3, 4, 5, 6))
    found = answers(
        tmp_path,
        q3,
        md(f"{q4.source}\nA pool is this."),
        code(f"# answer of q3\n{ONE}"),
        q5,
        q6,
        code(f"# Ans 5\n{POOL}"),
        code(f"# Ans 6\n{FOUR}"),
    )
    assert found.cells("q3") == [[], [2]]
    assert found.cells("q5") == [[], [5]]
    assert found.cells("q6") == [[], [6]]
    assert found.cells("q4") == [[]]


def test_answers_numbered_otherwise_than_the_questions_stay_below_them(tmp_path: Path) -> None:
    cells = []
    for n, source in ((3, ONE), (5, POOL), (6, FOUR)):
        cells += [md(f"Q{n}. {TEXT[f'q{n}']}"), md(f"Ans {n + 1}"), code(source)]
    found = answers(tmp_path, *cells)
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[2]], [[5]], [[8]]]


def test_a_list_of_the_questions_at_the_top_claims_nothing(tmp_path: Path) -> None:
    listing = "\n\n".join(f"Q{n}. {TEXT[f'q{n}']}" for n in range(1, 7))
    found = answers(tmp_path, md(listing), md("Ans 3"), code(ONE), md("Ans 6"), code(FOUR))
    assert found.cells("q3") == [[2]]
    assert found.cells("q6") == [[4]]
    without = answers(tmp_path, md(listing), code(ONE), code(FOUR))
    assert without.unclaimed == [1, 2]


def test_a_file_pasted_into_one_cell_is_taken_apart(tmp_path: Path) -> None:
    pasted = f"import multiprocessing\n\n# Q3\n{ONE}\n# Q5\n{POOL}\n# Q6\n{FOUR}"
    found = answers(tmp_path, code(pasted))
    assert found.source("q3") == f"# Q3\n{ONE}\n"
    assert found.source("q5") == f"# Q5\n{POOL}\n"
    assert found.source("q6") == f"# Q6\n{FOUR}"
    assert [part.line for part in found.parts] == [1, 3, 10, 16]
    assert {part.cell for part in found.parts} == {0}


def test_headings_in_strings_and_blocks_cut_nothing(tmp_path: Path) -> None:
    text = 'print("""\nQ3. not\nQ5. at all\n""")\n\ndef work():\n    # Q6\n    return 1\n'
    assert len(answers(tmp_path, code(text)).parts) == 1


def test_the_cells_own_metadata_are_believed_first(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md("Q5. " + TEXT["q5"]),
        code(FOUR, grader={"exercise": "q6"}),
        code(POOL, nbgrader={"grade_id": "question_5-answer", "solution": True}),
        code("assert True", nbgrader={"grade_id": "q6_test", "solution": False}),
    )
    assert [claim.belief for claim in found.claims("q6")] == ["metadata"]
    assert found.cells("q6") == [[1]]
    assert [claim.belief for claim in found.claims("q5")] == ["grade_id", "question text"]
    assert found.cells("q5") == [[2], [2, 3]]


def test_code_in_text_cells_is_found(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        md(f"Q3. Here it is:\n```python\n{ONE}```\nand done"),
        raw("Q5\n" + POOL),
        md(f"Q6. {TEXT['q6']}\n\n{FOUR}"),
    )
    assert [found.cells(q) for q in ("q3", "q5", "q6")] == [[[]]] * 3
    assert [found.claims(q)[0].text_code for q in ("q3", "q5", "q6")] == [(0,), (1,), (2,)]


def test_a_claim_says_why_in_words_for_people(tmp_path: Path) -> None:
    found = answers(tmp_path, md("Q5"), code(POOL), code("pool"), code("#Q6\n" + FOUR), md("Q3"))
    assert found.claims("q5")[0].why == 'cells 2 and 3 stand under "Q5" (cell 1)'
    assert found.claims("q6")[0].why == 'cell 4 begins with "Q6"'
    assert found.claims("q3")[0].why == 'no code stands under "Q3" (cell 5)'


def test_a_remark_printed_below_the_answer_is_no_part_of_it(tmp_path: Path) -> None:
    found = answers(tmp_path, md("Q6"), code(FOUR), code('print("that was all")'))
    assert found.cells("q6") == [[1]]
    assert answers(tmp_path, md("Q6"), code('print("1")')).cells("q6") == [[1]]


def test_what_stands_under_a_question_beyond_the_six_is_no_answer_to_the_sixth(
    tmp_path: Path,
) -> None:
    found = answers(tmp_path, md("Q6"), code(FOUR), md("Q7. More"), code(POOL))
    assert found.cells("q6") == [[1]]
    assert found.unclaimed == [3]


def test_a_program_that_a_cell_writes_to_a_file_is_code_and_a_shell_script_is_not(
    tmp_path: Path,
) -> None:
    found = answers(
        tmp_path, md("Q6"), code("%%writefile four.py\n" + FOUR), code("%%bash\npython four.py")
    )
    assert found.cells("q6") == [[1]]

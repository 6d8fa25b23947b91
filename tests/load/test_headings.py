"""Which lines name a question, and which only look like it."""

import pytest

from grader.load.headings import QUESTIONS, heading_at
from tests.load.kit import TEXT


def _named(*lines: str) -> tuple[str, ...]:
    heading = heading_at(lines, 0)
    return heading.questions if heading else ()


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
@pytest.mark.parametrize(
    "dress",
    ["{}", "# {}", "**{}**", "<h3>{}</h3>", "<h3>{}", "'''{}'''", "> *{}*", "# ## {}", "- `{}`"],
)
def test_the_words_of_a_question_name_it_however_they_are_dressed(
    question: object, dress: str
) -> None:
    assert isinstance(question, type(QUESTIONS[0]))
    for text in (question.text, question.text.upper(), question.text.title(), question.text[:-1]):
        assert _named(dress.format(text)) == (question.id,)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("What is multiprocessing?  Why is it usefull?", "q1"),
        ("what is multi processing in python and why is it useful", "q1"),
        ("Difference between multi-processing and multi-threading", "q2"),
        ("What is the diference between multiprocessing and threading in Python?", "q2"),
        ("Write a program to create a process using multiprocessing", "q3"),
        ("Write a pyhton code to creat a proces using the multprocessing modul.", "q3"),
        ("What is multiprocessing pool in python ? why it is used ?", "q4"),
        ("How to create a pool of worker processes in Python using multiprocessing?", "q5"),
        ("How do we create pool of workers processes using the multiprocessing module", "q5"),
        ("Create four processes, each process should print a different number", "q6"),
        ("Write a Python program to create 4 processes", "q6"),
        ("Question: " + TEXT["q6"], "q6"),
    ],
)
def test_a_question_is_known_with_typing_errors_in_other_words_and_cut_short(
    text: str, question: str
) -> None:
    assert _named(text) == (question,)


def test_a_question_may_go_on_in_the_next_line() -> None:
    start, end = TEXT["q6"][:90], TEXT["q6"][90:]
    for lines in ((start, end), (f"# {start}", f"#     {end}"), (f"<h3>{start}", f"{end}</h3>")):
        heading = heading_at(lines, 0)
        assert heading is not None
        assert (heading.question, heading.span) == ("q6", 2)


@pytest.mark.parametrize(
    "line",
    [
        *("Q6.", "Q.No-06", "Question 6 :", "QUESTION:-6.", "Ans 6", "#Ans6.) ", "A6.", "6.)"),
        *("(6)", "6)", "Q-6", "Q 6", "Ques 6", "Task 6", "Exercise 6", "Problem 6", "Solution 6"),
        *("### Answer 6 :", "# Q6", "**Q6**", "<h3> Q6.", "'''Q6'''", "Question No. 6", "Q#6"),
        *("# answer of q6", "#Ans to Q6", "# Solution for question 6", "Code for the Q6:"),
        *("# 6", "## 6", "**6**", "<h2>6</h2>", "Task 6 1. first"),
        *("Question Six", "# # Q6.", "Q6) here it is", "Question 6 Write this", "Que. 06"),
    ],
)
def test_a_number_names_a_question_in_every_way_that_people_write_it(line: str) -> None:
    assert _named(line) == ("q6",)


@pytest.mark.parametrize(
    "line",
    ["Q5 and Q6", "Q5, Q6:", "# Q5 & 6.", "Question 5/6:", "Q.5 and Q.6 :", "Questions 5 and 6:"],
)
def test_a_heading_can_name_two_questions(line: str) -> None:
    assert _named(line) == ("q5", "q6")


def test_the_words_of_a_question_are_believed_rather_than_its_number() -> None:
    assert _named("Q5. " + TEXT["q6"]) == ("q6",)
    assert _named("Q6. " + TEXT["q5"]) == ("q5",)
    assert _named("Ans 3: " + TEXT["q1"]) == ("q1",)
    assert _named("Q5. Some words of my own about a pool") == ("q5",)


def test_a_number_that_no_question_has_names_none() -> None:
    heading = heading_at(["Q7. Something else"], 0)
    assert heading is not None
    assert heading.questions == ()


@pytest.mark.parametrize(
    "line",
    [
        "Multiprocessing in Python is a way to run several processes.",
        "A multiprocessing pool in Python is a set of worker processes, and it is used for maps.",
        "To create a pool of worker processes in Python using the multiprocessing module, do so.",
        "We can create a pool of worker processes in Python using the multiprocessing module.",
        "Here are the differences between multiprocessing and multithreading:",
        "This program creates 4 processes, and each process prints a different number.",
        "Answer: 4 processes run",
        "Question 6 asks for processes",
        "Q6 is the last one",
        "Answer:",
        "Answer to question 6 is below",
        "The code for question 6",
        "Code for q6 uses fork",
        "Q6.ipynb",
        "6",
        "## 6 processes",
        "# 6 processes",
        "Ans -",
        "Question",
        "A 4 core machine",
        "# create a process",
        "# create 4 processes",
        "Step 3: start it",
        "Example 6",
        "q1 = Queue()",
        "q1, q2 = Queue(), Queue()",
        "q6.put(3)",
        "a5.start()",
        "import multiprocessing",
        "",
    ],
)
def test_prose_and_code_with_the_same_words_name_nothing(line: str) -> None:
    assert _named(line) == ()


@pytest.mark.parametrize("between", [" Ans: ", " - ", " ", "\nAns. ", " ANSWER - "])
def test_a_question_may_have_its_answer_in_the_same_line(between: str) -> None:
    said = "it runs several programs at the same time, one on each core."
    heading = heading_at(f"Q1. {TEXT['q1']}{between}{said}".split("\n")[:1], 0)
    assert heading is not None
    assert heading.questions == ("q1",)
    assert heading.says_more == ("\n" not in between)


@pytest.mark.parametrize(
    "line",
    [
        f"Q1. {TEXT['q1']}",
        f"Q1. {TEXT['q1']} (10 marks)",
        f"Q1. {TEXT['q1']} Explain it with an example of your own.",
        f"Q1. {TEXT['q1']} Ans:",
        "Q1. Define what multiprocessing is, and tell where and why it is useful in Python",
        "Q5. A pool of workers, with the class that the module has for just this purpose",
        "Q1.",
    ],
)
def test_a_question_alone_says_no_more(line: str) -> None:
    heading = heading_at([line], 0)
    assert heading is not None
    assert not heading.says_more

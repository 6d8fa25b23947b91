"""Functions of an answer that are called from one place for all answers."""

import pytest

from grader.load.calls import calls_from

ANSWER = "import os\nNUMBER = 4\ndef q6():\n    start()\n"


@pytest.mark.parametrize(
    ("other", "calls"),
    [
        ("q6()", "q6()\n"),
        ("if __name__ == '__main__':\n    q3()\n    q6()\n", "q6()\n"),
        ("try:\n    q6()\nexcept OSError:\n    pass\n", "q6()\n"),
        ("q6(4, 'four')", "q6(4, 'four')\n"),
        ("q6()\nq6()", "q6()\n"),
        ("%time 1\nq6()", "q6()\n"),
        ("q3()", ""),
        ("q6(number)", ""),
        ("print(q6())", ""),
        ("q6", ""),
        ("def all_of_them():\n    q6()\n", ""),
        ("what we see: q6()", ""),
    ],
)
def test_the_calls_that_stand_alone_are_found(other: str, calls: str) -> None:
    assert calls_from(ANSWER, [other]) == calls


def test_an_answer_that_does_something_by_itself_needs_no_call() -> None:
    assert calls_from(f"{ANSWER}q6()\n", ["q6()"]) == ""
    assert calls_from(f"{ANSWER}print('hello')\n", ["q6()"]) == ""
    assert calls_from(f"{ANSWER}if __name__ == '__main__':\n    q6()\n", ["q6()"]) == ""


def test_classes_and_several_functions_are_called_in_the_order_of_the_calls() -> None:
    answer = "class Six: pass\ndef first(): pass\ndef second(): pass\n"
    assert calls_from(answer, ["second()\nfirst()", "Six()"]) == "second()\nfirst()\nSix()\n"


def test_what_is_no_python_has_no_calls() -> None:
    assert calls_from("def q6(:", ["q6()"]) == ""

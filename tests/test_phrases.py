import pytest

from grader.phrases import counted, first_of


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 tasks"), (1, "1 task"), (2, "2 tasks"), (2000, "2,000 tasks")]
)
def test_a_number_has_its_noun(count: int, said: str) -> None:
    assert counted(count, "task") == said


def test_a_noun_may_have_a_plural_of_its_own() -> None:
    assert counted(2, "process", "processes") == "2 processes"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["a", "b"], "a, b"),
        (["a", "b", "c"], "a, b and 1 more"),
        ([*"ab"] + ["c"] * 2000, "a, b and 2,000 more"),
    ],
)
def test_of_many_names_the_first_are_told(names: list[str], said: str) -> None:
    assert first_of(names, 2) == said

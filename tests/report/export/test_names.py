import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.report.export.names import FileNames
from tests.report.traces import nasty_texts


@pytest.mark.parametrize(
    "id_", ["ada", "s-123", "ada.l", "Ada", "ada@example.org", "学生1", "ünï"]
)
def test_an_id_that_can_be_a_file_name_is_one(id_: str) -> None:
    assert FileNames(".json").of(id_) == f"{id_}.json"


@pytest.mark.parametrize(
    ("id_", "stem"),
    [
        ("../../etc/passwd", "etc_passwd"),
        ("/root", "root"),
        ("..", "learner"),
        ("", "learner"),
        (".hidden", "hidden"),
        ("a b", "a_b"),
        ("con", "con"),
        ("NUL.txt", "NUL.txt"),
        ("C:\\x", "C_x"),
        ("a\x00\nb", "a_b"),
        ("\ud800", "learner"),
        ("x" * 300, "x" * 60),
    ],
)
def test_any_other_gets_a_hash_of_the_whole_id(id_: str, stem: str) -> None:
    name = FileNames("").of(id_)
    assert name.startswith(f"{stem}-")
    assert len(name) == len(stem) + 1 + 8


def test_no_two_learners_share_a_file_not_even_where_case_does_not_count() -> None:
    names = FileNames(".json")
    given_ = [names.of(id_) for id_ in ("ada", "Ada", "ADA", "ada ", "\uff41da")]
    assert given_[0] == "ada.json"
    assert len({name.casefold() for name in given_}) == 5


@given(st.lists(nasty_texts, unique=True))
def test_any_ids_get_names_of_their_own_that_lead_nowhere_else(ids: list[str]) -> None:
    names = FileNames(".json")
    given_ = [names.of(id_) for id_ in ids]
    assert len({name.casefold() for name in given_}) == len(ids)
    for name in given_:
        assert not {*name} & {*'/\\:*?"<>|\0\n'}
        assert not name.startswith(".")
        assert len(name.encode()) <= 255 + 64  # the longest hash is for ids that collide

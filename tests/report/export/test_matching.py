import pytest

from grader.report.export.matching import Identity, Matches, match

ADA = Identity(ids={"canvas": "1", "sis": "s1", "email": "ada@example.org"}, name="Ada Lovelace")


def found(*learners: Identity, rows: list[Identity]) -> Matches:
    return match(learners, dict(enumerate(rows)))


@pytest.mark.parametrize(
    "row",
    [
        Identity(ids={"canvas": "1"}),
        Identity(ids={"sis": "S1 "}),
        Identity(ids={"email": "ADA@example.org"}),
        Identity(ids={"canvas": "1", "sis": "s1", "email": "other@example.org"}),
    ],
)
def test_whom_a_system_knows_is_found_by_that(row: Identity) -> None:
    assert found(ADA, rows=[Identity(ids={"canvas": "2"}), row]).learner_of == {1: 0}


def test_the_most_credible_name_counts() -> None:
    rows = [Identity(ids={"email": "ada@example.org"}), Identity(ids={"canvas": "1"})]
    assert found(ADA, rows=rows).learner_of == {1: 0}


@pytest.mark.parametrize("ids", [{"canvas": "2"}, {"sis": "s2"}])
def test_who_is_known_as_somebody_else_is_not_matched_by_less(ids: dict[str, str]) -> None:
    row = Identity(ids=ids | {"email": "ada@example.org"}, name="Ada Lovelace")
    matches = found(ADA, rows=[row])
    assert matches.learner_of == {}
    assert matches.missing == (0,)


def test_a_row_may_stand_there_twice() -> None:
    row = Identity(ids={"canvas": "1"})
    assert found(ADA, rows=[row, row]).learner_of == {0: 0, 1: 0}


@pytest.mark.parametrize("name", ["Ada Lovelace", "Lovelace, Ada", "lovelace,  ADA"])
def test_a_name_that_is_there_once_is_enough_and_said_so(name: str) -> None:
    matches = found(ADA, rows=[Identity(name=name)])
    assert matches.learner_of == {0: 0}
    assert matches.by_name == (0,)


def test_a_name_of_several_is_not_enough() -> None:
    ada = Identity(name="Ada Lovelace")
    assert found(ada, rows=[ada, ada]).learner_of == {}
    assert found(ada, ada, rows=[ada]).learner_of == {}
    assert found(ada, ADA, rows=[Identity(ids={"canvas": "1"}, name=ada.name)]).learner_of == {
        0: 1
    }
    other = Identity(ids={"canvas": "1"}, name="A. Lovelace")
    assert found(ada, ADA, rows=[other, Identity(name=ada.name)]).learner_of == {0: 1}


def test_no_name_is_nobodys_name() -> None:
    assert found(Identity(), rows=[Identity()]).learner_of == {}


def test_a_guess_counts_after_what_is_known() -> None:
    learner = Identity(ids={"email": "x@y"}, guesses=(("sis", "ada"),))
    rows = [Identity(ids={"sis": "ada"}), Identity(ids={"email": "x@y"})]
    assert found(learner, rows=rows).learner_of == {1: 0}
    assert found(learner, rows=rows[:1]).learner_of == {0: 0}


def test_a_row_that_two_may_have_is_nobodys() -> None:
    other = Identity(ids={"sis": "s1"})
    matches = found(ADA, other, rows=[Identity(ids={"canvas": "1", "sis": "s1"})])
    assert matches.learner_of == {}
    assert matches.contested == (0, 1)
    assert matches.missing == ()

"""A roster as any platform exports it tells who is who, and guesses at nobody."""

from pathlib import Path

import pytest

from grader.handed_in import Learner
from grader.load.collect import CollectError
from grader.load.matching import matched
from grader.load.roster import read_roster
from tests.load.downloads import csv_file

JANE = ["Jane Doe", "300", "jane@example.org"]


def _read(root: Path, *rows: list[str], **how: str) -> tuple[Learner, ...]:
    learners, remarks = read_roster(csv_file(root, *rows, **how))
    assert remarks == ()
    return learners


# -- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_is_read_in_whatever_it_is_written(
    tmp_path: Path, encoding: str, delimiter: str
) -> None:
    rows = ["Name", "SID", "Email"], ["Doe, Zoë", "300", "zoe@example.org"]
    assert _read(tmp_path, *rows, encoding=encoding, delimiter=delimiter) == (
        Learner(id="300", name="Doe, Zoë", email="zoe@example.org", ids={"sis": "300"}),
    )


def test_the_hint_to_excel_is_no_header(tmp_path: Path) -> None:
    path = tmp_path / "roster.csv"
    path.write_text("sep=;\nName;Email\nJane, Doe;jane@example.org\n")
    assert read_roster(path)[0][0].name == "Jane, Doe"


def test_a_name_is_composed_whatever_wrote_it(tmp_path: Path) -> None:
    assert _read(tmp_path, ["Name"], ["Zoe\u0308"])[0].name == "Zo\u00eb"


def test_canvas_gradebook(tmp_path: Path) -> None:
    assert _read(
        tmp_path,
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 6 (123)"],
        ["", "", "", "", "", "Manual Posting"],
        ["    Points Possible", "", "", "", "", "10.00"],
        ["Doe, Jane", "4711", "U1", "jdoe", "MP101", "9"],
        ["Student, Test", "4799", "", "bbbc6740f0b946af", "MP101", ""],
    ) == (
        Learner(id="4711", name="Doe, Jane", ids={"canvas": "4711", "sis": "U1", "login": "jdoe"}),
    )


@pytest.mark.parametrize(
    ("header", "identifier"),
    [
        (["Identifier", "Full name", "Email address", "Status"], "Participant 4711"),
        (["ID", "Vollständiger Name", "E-Mail-Adresse", "Status"], "Teilnehmer/in4711"),
        (["Identifiant", "Nom complet", "Adresse de courriel", "Statut"], "Participant 4711"),
    ],
)
def test_moodles_grading_worksheet(tmp_path: Path, header: list[str], identifier: str) -> None:
    row = [identifier, "Jane Doe", "jane@example.org", "Submitted"]
    assert _read(tmp_path, header, row) == (
        Learner(
            id=identifier, name="Jane Doe", email="jane@example.org", ids={"moodle": identifier}
        ),
    )


def test_moodles_participants(tmp_path: Path) -> None:
    header = ["First name", "Surname", "ID number", "Email address"]
    assert _read(tmp_path, header, ["Jane", "Doe", "300", "jane@example.org"]) == (
        Learner(id="300", name="Jane Doe", email="jane@example.org", ids={"sis": "300"}),
    )


def test_github_classrooms_roster(tmp_path: Path) -> None:
    header = ["identifier", "github_username", "github_id", "name"]
    assert _read(tmp_path, header, ["jane@example.org", "octocat", "1", ""]) == (
        Learner(id="octocat", ids={"github": "octocat", "id": "jane@example.org"}),
    )


def test_who_is_in_two_sections_is_one(tmp_path: Path) -> None:
    rows = ["Name", "SID", "Email"], JANE, ["Jane Doe", "300", ""], ["Li Wei", "301", ""]
    assert [each.id for each in _read(tmp_path, *rows)] == ["300", "301"]


def test_two_with_one_id_are_told_of(tmp_path: Path) -> None:
    path = csv_file(tmp_path, ["Name", "SID"], ["Jane Doe", "300"], ["Li Wei", "300"])
    learners, remarks = read_roster(path)
    assert [each.name for each in learners] == ["Jane Doe"]
    assert remarks == (
        (
            f"{path}: Jane Doe and Li Wei have an id or address in common: only the first "
            "is looked at."
        ),
    )


def test_two_of_one_name_without_ids_in_common_stay_two(tmp_path: Path) -> None:
    rows = ["Name", "SID"], ["Jane Doe", "300"], ["Jane Doe", "301"]
    assert [each.id for each in _read(tmp_path, *rows)] == ["300", "301"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b"colour,size\nred,1\n",
            (
                "PATH: no column of the roster tells who is who; it has colour, size: name "
                "one of them ID, Email, Username, Name or github_username."
            ),
        ),
        (
            b"",
            (
                "PATH: no column of the roster tells who is who; it has none: name one of "
                "them ID, Email, Username, Name or github_username."
            ),
        ),
        (b"name,email\n,\n", "PATH: nobody is on this roster: export it with its learners."),
        (
            b"PK\x03\x04\0\0",
            "PATH is no CSV: save the roster as CSV (UTF-8), and name that.",
        ),
    ],
    ids=["other columns", "empty", "nobody", "a spreadsheet"],
)
def test_a_roster_of_nobody_is_refused_with_its_remedy(
    tmp_path: Path, text: bytes, message: str
) -> None:
    path = tmp_path / "roster.csv"
    path.write_bytes(text)
    with pytest.raises(CollectError) as caught:
        read_roster(path)
    assert str(caught.value) == message.replace("PATH", str(path))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('ID,Name\n4700,Ada\n4701,"Bob\n' + "x" * 200_000 + "\n", 3),
        ("sep=;\nID;Name\n4700;" + "x" * 200_000 + "\n", 3),
        ("x" * 200_000, 1),
    ],
    ids=["a quotation mark", "a hint to Excel", "the header"],
)
def test_a_roster_with_a_cell_that_is_too_long_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int
) -> None:
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(CollectError) as caught:
        read_roster(path)
    assert str(caught.value) == (
        f"{path}: the row that begins in line {line} cannot be read (field larger than field "
        "limit (131072)): look there for a quotation mark that nothing closes, or export the "
        "roster anew."
    )


# -- matching ------------------------------------------------------------------------------

ROW = Learner(
    id="4711",
    name="Doe, Zoë",
    email="zoe@example.org",
    ids={
        "canvas": "4711",
        "moodle": "Teilnehmer/in4711",
        "sis": "U300",
        "login": "zdoe",
        "github": "Octocat",
        "id": "seat 5",
    },
)
OTHER = Learner(id="4712", name="Li Wei", email="li@example.org", ids={"canvas": "4712"})


@pytest.mark.parametrize(
    "learner",
    [
        Learner(id="4711", name="someone", ids={"canvas": "4711"}),
        Learner(id="Participant 4711", ids={"moodle": "Participant 4711"}),
        Learner(id="x", name="Z", email="Zoe@Example.org"),
        Learner(id="U300", ids={"sis": "U300"}),
        Learner(id="octocat", ids={"github": "octocat"}),
        Learner(id="ZDOE"),
        Learner(id="4711"),
        Learner(id="zoe@example.org"),
        Learner(id="zoe"),
        Learner(id="Seat 5"),
        Learner(id="x", name="zoe doe"),
        Learner(id="x", name="Doe_Zoe"),
        Learner(id="99", name="doezoë", ids={"canvas": "99"}),
    ],
    ids=lambda learner: f"{learner.id} {learner.name}",
)
def test_a_learner_is_known_by_any_id_address_or_name(learner: Learner) -> None:
    found = matched([learner], [ROW, OTHER])
    assert found.learners == (
        Learner(id=learner.id, name=ROW.name, email=ROW.email, ids=learner.ids | ROW.ids),
    )
    assert found.missing == (OTHER,)
    assert found.remarks == ()


@pytest.mark.parametrize(
    "learner",
    [
        Learner(id="U300", ids={"canvas": "U300"}),
        Learner(id="Participant 5", ids={"moodle": "Participant 5"}),
        Learner(id="Zoë"),
        Learner(id="x", name="Zoë"),
    ],
    ids=lambda learner: f"{learner.id} {learner.name}",
)
def test_what_only_looks_alike_is_nobody(learner: Learner) -> None:
    found = matched([learner], [ROW])
    assert found.learners == (learner,)
    assert [each.ids for each in found.missing] == [ROW.ids]
    assert found.remarks == (f"not on the roster: {learner.shown}.",)


def test_an_id_is_believed_before_a_name() -> None:
    learner = Learner(id="4712", name="zoe doe", ids={"canvas": "4712"})
    assert matched([learner], [ROW, OTHER]).learners[0].name == "Li Wei"


def test_accents_within_a_name_make_no_difference() -> None:
    found = matched([Learner(id="x", name="Ana Munoz")], [Learner(id="1", name="Muñoz, Ana")])
    assert found.learners[0].name == "Muñoz, Ana"


def test_of_two_on_the_roster_who_may_be_meant_neither_is_taken_or_missing() -> None:
    rows = [Learner(id="1", name="Jane Doe"), Learner(id="2", name="Doe, Jane")]
    learner = Learner(id="x", name="Jane Doe")
    found = matched([learner], rows)
    assert found.learners == (learner,)
    assert found.missing == ()
    assert found.remarks == ("Jane Doe may be any of 1, 2 on the roster: taken for none.",)


def test_of_two_who_may_be_one_of_the_roster_neither_is_taken() -> None:
    learners = [
        Learner(id="zdoe"),
        Learner(id="zoe@example.org"),
        Learner(id="Li", email=OTHER.email),
    ]
    found = matched(learners, [ROW, OTHER])
    assert [each.name for each in found.learners] == ["", "", "Li Wei"]
    assert found.missing == ()
    assert found.remarks == (
        "Doe, Zoë on the roster may be any of zdoe, zoe@example.org: taken for none.",
    )


def test_those_who_are_missing_have_ids_like_those_who_are_there_and_none_twice() -> None:
    rows = [
        Learner(id="5", name="Ann", ids={"canvas": "5", "github": "ann"}),
        Learner(id="6", name="octocat"),
    ]
    there = Learner(id="octocat", ids={"github": "octocat"})
    namesake = Learner(id="7", name="Bob")
    found = matched([there], [rows[0], namesake, Learner(id="8", name="Bob")])
    assert [each.id for each in found.missing] == ["ann", "Bob", "8 (2)"]


@pytest.mark.parametrize(
    ("there", "called"),
    [
        (Learner(id="9", ids={"canvas": "9"}), "5"),
        (Learner(id="octocat", ids={"github": "octocat"}), "ann-codes"),
        (Learner(id="Participant 9", ids={"moodle": "Participant 9"}), "Participant 5"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
def test_who_is_missing_keeps_all_ids_of_the_roster_whatever_they_are_called(
    there: Learner, called: str
) -> None:
    ids = {"canvas": "5", "moodle": "Teilnehmer/in5", "sis": "300", "github": "ann-codes"}
    row = Learner(id="300", name="Ann", email="ann@example.org", ids=ids)
    assert matched([there], [row]).missing == (
        Learner(id=called, name="Ann", email="ann@example.org", ids=ids),
    )


def test_those_who_are_missing_from_moodle_are_called_as_its_downloads_do() -> None:
    there = Learner(id="Participant 5", ids={"moodle": "Participant 5"})
    assert [each.id for each in matched([there], [ROW]).missing] == ["Participant 4711"]

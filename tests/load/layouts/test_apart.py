"""Two names that come out as one id are two learners, whose files are never mixed."""

from pathlib import Path

import pytest

from grader.load.collect import collect
from tests.load.downloads import (
    BUILDS,
    Build,
    Files,
    contents,
    csv_file,
    folder,
    one,
    zipped,
)


def _taken(path: Path, **options: object) -> dict[str, dict[str, str]]:
    with collect([path], **options) as found:  # type: ignore[arg-type]
        return {each.learner.id: contents(each) for each in found.handed_in}


NAMES = {
    " bob": r"\x20bob",
    "bob ": r"bob\x20",
    "bob\N{NO-BREAK SPACE}": r"bob\xa0",
    "bob\N{EM SPACE}": r"bob\u2003",
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("build", BUILDS)
def test_a_name_with_blanks_too_many_is_another_learner(
    tmp_path: Path, build: Build, name: str
) -> None:
    files: Files = {"bob/q6.py": "bob", f"{name}/q6.py": "another", "eve/q6.py": "eve"}
    assert _taken(build(tmp_path, "class", files)) == {
        "bob": {"q6.py": "bob"},
        NAMES[name]: {"q6.py": "another"},
        "eve": {"q6.py": "eve"},
    }


@pytest.mark.parametrize("name", ["Jane  Doe", "Jane\N{NO-BREAK SPACE}Doe"])
def test_blanks_within_a_name_tell_apart_too(tmp_path: Path, name: str) -> None:
    files = {"Jane Doe/q6.py": "jane", f"{name}/q3.py": "another"}
    found = _taken(folder(tmp_path, "class", files))
    assert found.pop("Jane Doe") == {"q6.py": "jane"}
    assert [*found.values()] == [{"q3.py": "another"}]


@pytest.mark.parametrize(("name", "who"), [("bob\n", r"bob\x0a"), ("bob\x1b", r"bob\x1b")])
def test_what_is_wrong_with_the_one_is_told_to_that_one(
    tmp_path: Path, name: str, who: str
) -> None:
    path = zipped(tmp_path, "class", {"bob/q6.py": "bob", f"{name}/q6.py": "another"})
    with collect([path]) as found:
        assert one(found, "bob").read()[0].problems == ()
        assert len(one(found, who).read()[0].problems) == 1


def test_who_has_but_a_control_character_for_a_name_still_has_an_id(tmp_path: Path) -> None:
    path = zipped(tmp_path, "class", {"bob/q6.py": "bob", "\x1b/q6.py": "another"})
    assert [*_taken(path)] == [r"\x1b", "bob"]


def test_a_name_that_nobody_else_has_is_tidied_and_no_more(tmp_path: Path) -> None:
    assert [*_taken(folder(tmp_path, "class", {" bob/q6.py": "", "eve/q6.py": ""}))] == [
        "bob",
        "eve",
    ]


@pytest.mark.parametrize(
    ("files", "options"),
    [
        ({"bob.py": "bob", " bob.py": "another"}, {}),
        ({"bob_q6.py": "bob", " bob_q6.py": "another"}, {"layout": "files"}),
        (
            {"submitted/bob/lab/q6.py": "bob", "submitted/ bob/lab/q6.py": "another"},
            {"layout": "nbgrader"},
        ),
        (
            {"bob/q6.py": "bob", " bob/q6.py": "another"},
            {"learner_pattern": "(?P<learner>[^/]+)/"},
        ),
        (
            {f"{name}_assignsubmission_file/q6.py": name.strip() for name in ("bob", " bob")},
            {"layout": "moodle"},
        ),
    ],
    ids=["files", "files of answers", "nbgrader", "a pattern", "teams of Moodle"],
)
def test_every_layout_that_goes_by_names_tells_them_apart(
    tmp_path: Path, files: Files, options: dict[str, str]
) -> None:
    found = _taken(zipped(tmp_path, "class", files), **options)
    assert [*found] == [r"\x20bob", "bob"]
    assert all(len(files) == 1 for files in found.values())


def test_they_stay_apart_in_a_later_download_that_has_one_of_them(tmp_path: Path) -> None:
    early = folder(tmp_path, "early", {"bob/q6.py": "bob", " bob/q6.py": "another"})
    later = folder(tmp_path, "later", {" bob/q6.py": "another's last", "eve/q6.py": "eve"})
    with collect([early, later]) as found:
        assert contents(one(found, "bob")) == {"q6.py": "bob"}
        assert contents(one(found, r"\x20bob")) == {"q6.py": "another's last"}
        assert found.layout == (
            f"{early}: one folder a learner, 2 files of 2 learners.\n"
            f"{later}: one folder a learner, 2 files of 2 learners."
        )


def test_of_two_only_the_one_that_is_spelled_so_is_found_on_the_roster(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"bob/q6.py": "bob", " bob/q6.py": "another"})
    roster = csv_file(tmp_path, ["login", "name"], ["bob", "Bob Roe"])
    with collect([path], roster=roster) as found:
        assert [each.learner.name for each in found.handed_in] == [r"\x20bob", "Bob Roe"]
        assert found.remarks == (r"not on the roster: \x20bob.",)

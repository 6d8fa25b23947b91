"""Of a whole class everybody is told apart, the last attempt counts, and nothing is lost."""

import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.handed_in import Learner
from grader.load import NotAProgramError
from grader.load.collect import CollectError, collect
from grader.load.layouts.base import LONGEST_NAME, natural, tidy
from grader.load.members import ENDLESS, LINK
from grader.load.trees import ALSO_NAMED
from grader.load.unpack import digest
from tests.load.downloads import (
    BUILDS,
    Q6,
    Build,
    contents,
    csv_file,
    folder,
    learners,
    one,
    taken,
    zipped,
)

# -- attempts ------------------------------------------------------------------------------


def test_a_later_download_holds_the_later_attempts(tmp_path: Path) -> None:
    early = zipped(tmp_path, "early", {"alice/q6.py": "1", "bob/q6.py": "1"})
    later = folder(tmp_path, "later", {"alice/q6.py": "2", "carol/q6.py": "1"})
    with collect([early, later]) as found:
        alice, bob = one(found, "alice"), one(found, "bob")
        assert contents(alice) == {"q6.py": "2"}
        assert (alice.attempt, alice.attempts) == (2, 2)
        assert (bob.attempt, bob.attempts) == (1, 1)
        assert [each.learner.id for each in found.handed_in] == ["alice", "bob", "carol"]
        assert found.layout == (
            f"{early}: one folder a learner, 2 files of 2 learners.\n"
            f"{later}: one folder a learner, 2 files of 2 learners."
        )
    with collect([later, early]) as found:
        assert contents(one(found, "alice")) == {"q6.py": "1"}


def test_where_the_downloads_tell_the_time_it_decides(tmp_path: Path) -> None:
    # 11:00 in Berlin is 10:00 in UTC, and earlier than 10:30 there.
    stamps = {"late": "2024-02-02 10:30:00 UTC", "early": "2024-02-02 11:00:00 Europe/Berlin"}
    paths = [
        folder(
            tmp_path / name,
            "submitted",
            {"jane/lab/q6.py": name, "jane/lab/timestamp.txt": stamp, "bob/lab/q6.py": name},
        )
        for name, stamp in stamps.items()
    ]
    with collect(paths) as found:
        jane = one(found, "jane")
        assert contents(jane) == {"q6.py": "late"}
        assert datetime.fromisoformat(jane.handed_in).hour == 10
        assert (jane.attempt, jane.attempts) == (2, 2)
        assert contents(one(found, "bob")) == {"q6.py": "early"}  # no times: the later path


def test_attempts_are_sorted_as_numbers() -> None:
    assert sorted(["try 10", "try 9", "try 1"], key=natural) == ["try 1", "try 9", "try 10"]


def test_of_two_files_at_one_place_the_latest_is_read_and_the_other_told_of(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path, "class", {"alice_q6.py": "old", "alice/q6.py": "new", "bob.py": Q6})
    os.utime(path / "alice_q6.py", (1, 1))
    with collect([path]) as found:
        alice = one(found, "alice")
        assert contents(alice) == {"q6.py": "new"}
        assert alice.read()[0].problems == (
            "q6.py is there more than once, and only the last one was read.",
        )


# -- reading -------------------------------------------------------------------------------


def test_a_submission_says_where_it_was_and_what_is_in_it(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"alice/src/q6.py": Q6, "alice/src/a.txt": "", "b/q6.py": Q6})
    with collect([path]) as found:
        submission, files = one(found, "alice").read()
        assert submission.place == f"{path}/alice/src"
        assert submission.files == ("a.txt", "q6.py")
        assert submission.digest == digest(files)
        assert one(found, "b").place == f"{path}/b/q6.py"


def test_nothing_is_read_until_it_is_asked_for(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"alice/q6.py": "old", "bob/q6.py": Q6})
    with collect([path]) as found:
        (path / "alice/q6.py").write_text("new")
        assert contents(one(found, "alice")) == {"q6.py": "new"}
        (path / "alice/q6.py").unlink()
        submission, files = one(found, "alice").read()
        assert files == ()
        assert len(submission.problems) == 1
        assert submission.problems[0].startswith("q6.py cannot be read")


def test_a_bad_file_is_a_finding_of_its_learner(tmp_path: Path) -> None:
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doejane_4711_9901_q6.py", Q6)
        archive.writestr("roejohn_4712_9902_q6.py", Q6)
    data = path.read_bytes()
    path.write_bytes(data.replace(Q6.encode(), b"changed anyway"[: len(Q6)], 1))
    with collect([path]) as found:
        submission, files = one(found, "4711").read()
        assert files == ()
        assert submission.problems == (
            "q6.py is damaged, and was left out: make the archive anew.",
        )
        assert one(found, "4712").read()[0].problems == ()


def test_a_path_that_leads_out_is_a_finding_of_whom_it_names(tmp_path: Path) -> None:
    path = zipped(tmp_path, "class", {"../alice/q6.py": Q6, "bob/q6.py": Q6, "../../x.txt": ""})
    with collect([path]) as found:
        submission, files = one(found, "alice").read()
        assert files == ()
        assert submission.problems == ("q6.py leads out of the archive, and was left out.",)
        assert found.remarks == (
            f"{path}: ../../x.txt leads out of the archive, and was left out.",
        )


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="links need no rights on POSIX alone")
def test_a_folder_that_is_a_link_is_a_finding_of_its_learner(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"bob/q6.py": Q6, "carol/q6.py": Q6})
    (path / "alice").symlink_to(path / "bob")
    with collect([path]) as found:
        submission, files = one(found, "alice").read()
        assert files == ()
        assert submission.problems == (
            "alice is a link, and was left out: hand in a copy of the file itself.",
        )


# -- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["Zoë O'Brien", "Doe, Jane", "דנה כהן", "李伟", "a;b|c&d", "-rf", "=1+1", "CON", "%s{0}"],
)
def test_any_name_is_a_name(tmp_path: Path, name: str) -> None:
    path = zipped(tmp_path, "class", {f"{name}/q6.py": Q6, "bob/q6.py": Q6})
    assert taken(path) == {name: ["q6.py"], "bob": ["q6.py"]}


def test_names_with_newlines_are_one_line_and_very_long_ones_stay_apart(tmp_path: Path) -> None:
    long = "x" * 200
    files = {f"{long}1/q6.py": Q6, f"{long}2/q6.py": Q6, "al\nice/q6.py": Q6}
    with collect([zipped(tmp_path, "class", files)]) as found:
        ids = [each.learner.id for each in found.handed_in]
        assert ids[0] == "al ice"
        assert len(set(ids)) == 3
        assert max(map(len, ids)) == LONGEST_NAME


def test_one_name_composed_or_not_is_one_learner(tmp_path: Path) -> None:
    composed = zipped(tmp_path / "1", "class", {"Zo\u00eb/q6.py": "1", "bob/q6.py": Q6})
    apart = zipped(tmp_path / "2", "class", {"Zoe\u0308/q6.py": "2", "bob/q6.py": Q6})
    with collect([composed, apart]) as found:
        assert contents(one(found, "Zo\u00eb")) == {"q6.py": "2"}
        assert one(found, "Zo\u00eb").attempts == 2


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=300), min_size=1, max_size=4, unique=True))
def test_a_tidy_name_is_one_short_line_and_stays_as_it_is(names: list[str]) -> None:
    for name in map(tidy, names):
        assert len(name.splitlines()) <= 1
        assert len(name) <= LONGEST_NAME
        assert tidy(name) == name
        name.encode()


# -- how it is asked for -------------------------------------------------------------------


def test_programs_may_be_named_one_by_one(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"alice_q5.py": Q6, "alice_q6.py": Q6, "bob.ipynb": "{}"})
    with collect(sorted(path.iterdir())) as found:
        assert learners(found) == {"alice": ["q5.py", "q6.py"], "bob": ["bob.ipynb"]}
        assert one(found, "bob").place == f"{path}/bob.ipynb"


def test_answers_named_one_by_one_are_of_the_learner_whose_folder_they_are_in(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path, "class", {"alice/q5.py": Q6, "alice/q6.py": Q6, "bob/q6.py": Q6})
    with collect([*sorted(path.glob("*/*.py"))]) as found:
        assert learners(found) == {"alice": ["q5.py", "q6.py"], "bob": ["q6.py"]}
        assert {each.attempts for each in found.handed_in} == {1}


def test_what_systems_leave_behind_is_nobodys_work(tmp_path: Path) -> None:
    files = {"alice/q6.py": Q6, "bob/q6.py": Q6, "__MACOSX/._alice": "", ".DS_Store": ""}
    with collect([zipped(tmp_path, "class", files)]) as found:
        assert learners(found).keys() == {"alice", "bob"}
        assert found.remarks == ()


def test_what_is_used_wrongly_is_told_in_one_line_with_its_remedy(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    texts = folder(tmp_path, "texts", {"a.txt": "", "b.txt": ""})
    wrong = {
        f"{empty}: there is no file in it: name the download, or the folder of a class.": [empty],
        f"{texts}: nothing in it can be a learner's submission, a .py, .ipynb or archive; it has "
        "a.txt, b.txt.": [texts],
        f"{tmp_path / 'nowhere'} is not there, or not any more.": [tmp_path / "nowhere"],
    }
    for message, paths in wrong.items():
        with pytest.raises(NotAProgramError) as caught:
            collect(paths)
        assert str(caught.value) == message
    with pytest.raises(
        CollectError, match="there is no layout 'blackboard': choose one of auto, "
    ):
        collect([texts], layout="blackboard")
    with pytest.raises(CollectError, match="exclude each other: leave one out"):
        collect([texts], layout="canvas", learner_pattern="(?P<learner>.)")


def test_a_roster_tells_who_they_are_and_who_is_missing(tmp_path: Path) -> None:
    roster = csv_file(
        tmp_path,
        ["Name", "Username", "Email"],
        ["Jane Doe", "alice", "jane@example.org"],
        ["Li Wei", "li", "li@example.org"],
    )
    path = folder(tmp_path, "class", {"alice/q6.py": Q6, "bob/q6.py": Q6})
    with collect([path], roster=roster) as found:
        assert one(found, "alice").learner == Learner(
            id="alice", name="Jane Doe", email="jane@example.org", ids={"login": "alice"}
        )
        assert found.missing == (
            Learner(id="li", name="Li Wei", email="li@example.org", ids={"login": "li"}),
        )
        assert found.remarks == ("not on the roster: bob.",)


@pytest.mark.skipif(os.name == "nt", reason="links need no rights on POSIX alone")
@pytest.mark.parametrize(
    "what", ["a link", "a link to nothing", "a link to a folder", "a hard link", "a pipe"]
)
def test_of_programs_named_one_by_one_what_is_no_file_is_a_finding_of_its_learner(
    tmp_path: Path, what: str
) -> None:
    folder(tmp_path, "elsewhere", {"secret.py": "secret"})
    path = folder(tmp_path, "class", {"alice.py": Q6})
    bob = path / "bob.py"
    if what == "a pipe":
        os.mkfifo(bob)
    elif what == "a hard link":
        bob.hardlink_to(tmp_path / "elsewhere/secret.py")
    else:
        ends = {"a link": "secret.py", "a link to nothing": "nothing", "a link to a folder": ""}
        bob.symlink_to(tmp_path / "elsewhere" / ends[what])
    with collect([path / "alice.py", bob]) as found:
        assert contents(one(found, "alice")) == {"alice.py": Q6}
        submission, files = one(found, "bob").read()
        assert files == ()
        problem = {"a pipe": ENDLESS, "a hard link": ALSO_NAMED}.get(what, LINK)
        assert submission.problems == (f"bob.py {problem}.",)


@pytest.mark.skipif(os.name == "nt", reason="links need no rights on POSIX alone")
def test_a_program_that_becomes_a_link_after_it_was_named_is_not_followed(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"alice.py": Q6, "bob.py": Q6})
    secret = folder(tmp_path, "elsewhere", {"secret.py": "secret"}) / "secret.py"
    with collect(sorted(path.iterdir())) as found:
        (path / "bob.py").unlink()
        (path / "bob.py").symlink_to(secret)
        submission, files = one(found, "bob").read()
        assert files == ()
        assert len(submission.problems) == 1


def test_beside_programs_named_one_by_one_nothing_else_of_their_folder_is_taken(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path, "class", {"alice.py": Q6, "bob.py": Q6, "carol/q6.py": Q6})
    with collect([path / "alice.py"]) as found:
        assert learners(found) == {"alice": ["alice.py"]}
        assert found.remarks == ()


RESULTS = {
    "out/gradebook.sqlite": "",
    "out/gradebook.sqlite-wal": "",
    "out/batch.lock": "",
    "out/grades.csv": "",
    "out/report/index.html": "",
    "out/report/learners/alice.html": "",
}


@pytest.mark.parametrize("build", BUILDS)
def test_what_a_batch_wrote_into_the_folder_of_the_class_is_nobodys_work(
    tmp_path: Path, build: Build
) -> None:
    path = build(tmp_path, "class", {"alice/q6.py": Q6, "bob/q6.py": Q6, **RESULTS})
    with collect([path]) as found:
        assert learners(found) == {"alice": ["q6.py"], "bob": ["q6.py"]}
        assert found.remarks == ()


def test_who_has_a_program_beside_a_gradebook_has_handed_it_in(tmp_path: Path) -> None:
    own = {"bob/gradebook.sqlite": "", "carol/src/q6.py": Q6, "carol/gradebook.sqlite": ""}
    path = folder(tmp_path, "class", {"alice/q6.py": Q6, "bob/q6.py": Q6, **own})
    assert taken(path).keys() == {"alice", "bob", "carol"}

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from grader.batch.database import only_one
from grader.batch.gradebook import Gradebook, GradebookError
from grader.batch.work import Graded
from grader.handed_in import GRADEBOOK, Learner, Submission
from grader.results import ManualMark
from tests.batch.classes import BY, failed_by_the_kit

ADA = Learner(id="ada", name="Ada Lovelace", email="ada@example.org", ids={"canvas": "7"})
BOB = Learner(id="bob")


def _submission(digest: str = "d1", **facts: object) -> Submission:
    return structs.replace(Submission(place="here", digest=digest), **facts)


def _passed(learner: str, digest: str = "d1", id_: str = "q6") -> Graded:
    graded = failed_by_the_kit(learner)
    own = structs.replace(graded.exercises[0], id=id_, status="passed", points=10)
    report = own.report.replace(b'"status":"error","points":0', b'"status":"passed","points":10')
    report = report.replace(b'"id":"q6"', f'"id":"{id_}"'.encode())
    own = structs.replace(own, report=report, notices=())
    return structs.replace(graded, digest=digest, exercises=(own,))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.create(tmp_path / "class") as book:
        book.enrol([ADA, BOB])
        yield book


def test_what_is_recorded_is_there_for_who_opens_it_anew(tmp_path: Path, book: Gradebook) -> None:
    handed_in = _submission(late=True, attempt=2, attempts=3, files=("q6.py",))
    book.record([("ada", handed_in)], [(_passed("ada"), BY)])
    with Gradebook.open(tmp_path / "class") as again:
        ada, bob = again.results()
    assert (ada.learner, ada.submission) == (ADA, handed_in)
    assert [(e.id, e.status, e.points, e.max_points) for e in ada.exercises] == [
        ("q6", "passed", 10, 10)
    ]
    assert (bob.learner, bob.submission, bob.exercises[0].status) == (BOB, None, "missing")
    assert (ada.points, ada.max_points, bob.points) == (10, 10, 0)


def test_it_says_by_what_each_report_was_made(book: Gradebook) -> None:
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    assert book.graded_by() == {("ada", "q6"): ("d1", BY["q6"])}


def test_what_the_kit_failed_at_counts_as_not_graded(book: Gradebook) -> None:
    failed = structs.replace(failed_by_the_kit("ada"), digest="d1")
    book.record([("ada", _submission())], [(failed, BY)])
    assert book.graded_by() == {}
    assert book.result("ada").exercises[0].points is None  # type: ignore[union-attr]


def test_a_persons_mark_stands_above_every_regrade(book: Gradebook) -> None:
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    book.set_mark("ada", "q6", ManualMark(points=7.5, max_points=10, comment="see me"))
    book.record([("ada", _submission("d2"))], [(_passed("ada", "d2"), BY)])
    (q6,) = book.result("ada").exercises  # type: ignore[union-attr]
    assert (q6.points, q6.max_points, q6.status) == (7.5, 10, "marked")
    assert q6.manual is not None
    assert (q6.manual.comment, q6.manual.at[:2]) == ("see me", "20")
    assert q6.report is not None
    assert q6.report.status == "passed"
    book.set_mark("ada", "q6", None)
    assert book.result("ada").exercises[0].points == 10  # type: ignore[union-attr]


def test_words_are_worth_what_a_person_says(book: Gradebook) -> None:
    book.set_mark("bob", "q1", ManualMark(points=4, max_points=5))
    result = book.result("bob")
    assert result is not None
    assert (result.points, result.max_points) == (4, 5)


def test_a_report_on_an_earlier_submission_does_not_count_for_the_new_one(
    book: Gradebook,
) -> None:
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    book.record([("ada", _submission("d2"))], [])
    result = book.result("ada")
    assert result is not None
    assert (result.exercises[0].status, result.points) == ("missing", 0)
    assert "q6 was graded in an earlier submission" in result.notices[0]


def test_who_handed_in_the_same_files_is_to_be_looked_at(book: Gradebook) -> None:
    carol = Learner(id="carol")
    book.enrol([ADA, BOB, carol])
    for id_, digest in (("ada", "d1"), ("bob", "d1"), ("carol", "d2")):
        handed_in = _submission(digest, place=id_)
        book.record([(id_, handed_in)], [(_passed(id_, digest), BY)])
    notices = {result.learner.id: result.notices for result in book.results()}
    assert notices == {
        "ada": ("the very same files were handed in by bob",),
        "bob": ("the very same files were handed in by ada",),
        "carol": (),
    }


def test_who_handed_in_the_same_nothing_is_not(book: Gradebook) -> None:
    for id_ in ("ada", "bob"):
        absent = structs.replace(_passed(id_).exercises[0], status="absent", points=0)
        graded = structs.replace(_passed(id_), exercises=(absent,))
        book.record([(id_, _submission())], [(graded, BY)])
    assert [result.notices for result in book.results()] == [(), ()]


def test_the_class_is_in_the_order_of_names(book: Gradebook) -> None:
    book.enrol([ADA, BOB, Learner(id="z", name="aaron"), Learner(id="a", name="Zoe")])
    assert [each.shown for each in book.learners()] == ["aaron", "Ada Lovelace", "bob", "Zoe"]


def test_all_of_a_record_is_kept_or_nothing(book: Gradebook) -> None:
    broken = structs.replace(_passed("bob"), exercises=(_passed("bob", id_="q3").exercises[0],))
    with pytest.raises(KeyError):  # made by nobody knows what
        book.record([("ada", _submission())], [(_passed("ada"), BY), (broken, BY)])
    assert book.submissions() == {}
    assert book.graded_by() == {}


def test_a_full_disk_is_one_line_and_what_was_kept_stays(tmp_path: Path, book: Gradebook) -> None:
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    # As SQLite itself says that a disk is full, without filling one.
    book._connection.execute("PRAGMA max_page_count = 1")
    large = structs.replace(_passed("bob"), contents=b"x" * (1 << 20))
    with pytest.raises(GradebookError, match=r"database or disk is full.*the same command again"):
        book.record([("bob", _submission())], [(large, BY)])
    with Gradebook.open(tmp_path / "class") as again:
        assert [*again.submissions()] == ["ada"]


def test_what_is_no_gradebook_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="there is no gradebook in"):
        Gradebook.open(tmp_path)
    path = tmp_path / GRADEBOOK
    path.write_bytes(b"something else, and longer than a page of nothing" * 100)
    with pytest.raises(GradebookError, match="file is not a database"):
        Gradebook.open(tmp_path)
    assert path.read_bytes().startswith(b"something else")
    path.unlink()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (x)")
    other.close()
    with pytest.raises(GradebookError, match="is no gradebook"):
        Gradebook.create(tmp_path)


def test_one_of_another_version_is_not_guessed_at(tmp_path: Path, book: Gradebook) -> None:
    book._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(GradebookError, match="of another version of the kit"):
        Gradebook.open(tmp_path / "class")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(GradebookError, match="cannot be made a folder"):
        Gradebook.create(tmp_path / "file" / "class")


def test_only_one_batch_writes_at_a_time(tmp_path: Path) -> None:
    refused = pytest.raises(GradebookError, match="another batch is writing")
    with only_one(tmp_path), refused, only_one(tmp_path):
        pass
    with only_one(tmp_path):
        pass


def test_a_lock_that_cannot_be_written_is_no_lock(tmp_path: Path) -> None:
    (tmp_path / "batch.lock").write_bytes(b"something else, and longer than nothing" * 50)
    refused = pytest.raises(GradebookError, match=r"batch\.lock cannot be used: file is not a")
    with refused, only_one(tmp_path):
        pass


def test_a_batch_can_write_while_others_read(tmp_path: Path, book: Gradebook) -> None:
    with Gradebook.open(tmp_path / "class") as reader:
        reading = reader.results()
        assert next(reading).learner == ADA
        book.enrol([ADA, BOB, Learner(id="carol")])
        assert [each.learner.id for each in reading] == ["bob"], "all are of one moment"
        assert len(reader.learners()) == 3


def test_who_is_named_anew_keeps_what_was_known(book: Gradebook) -> None:
    book.enrol([Learner(id="ada", ids={"sis": "s1"}), BOB])
    ada = book.learners()[0]
    assert (ada.name, ada.email) == (ADA.name, ADA.email)
    assert ada.ids == {"canvas": "7", "sis": "s1"}


def test_who_was_missing_and_hands_in_under_another_id_is_in_the_class_once(
    book: Gradebook,
) -> None:
    book.enrol([ADA, BOB, Learner(id="s9", name="Carol")])
    book.set_mark("s9", "q1", ManualMark(points=5, max_points=10))
    carol = Learner(id="carol", name="Carol", ids={"sis": "s9"})
    book.enrol([ADA, BOB, carol])
    assert [each.id for each in book.learners()] == ["ada", "bob", "carol"]
    assert book.result("carol").exercises[0].points == 5  # type: ignore[union-attr]


def test_who_has_been_graded_or_marked_stays_when_others_come(book: Gradebook) -> None:
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    book.set_mark("bob", "q1", ManualMark(points=5, max_points=10))
    carol = Learner(id="carol")
    book.enrol([carol])
    assert [each.id for each in book.learners()] == ["ada", "bob", "carol"]
    assert book.others([carol]) == (ADA, BOB)


def test_a_group_that_hands_in_together_is_not_suspected(book: Gradebook) -> None:
    for id_ in ("ada", "bob"):
        book.record([(id_, _submission(place=f"{id_}'s"))], [(_passed(id_), BY)])
    assert book.result("ada").notices  # type: ignore[union-attr]
    for id_ in ("ada", "bob"):
        book.record([(id_, _submission(place="there"))], [])
    assert [result.notices for result in book.results()] == [(), ()]


def test_to_grade_all_again_goes_on_where_it_was_stopped(book: Gradebook) -> None:
    for id_ in ("ada", "bob"):
        book.record([(id_, _submission())], [(_passed(id_), BY)])
    book.begin_regrading()
    assert book.graded_by() == {}
    book.record([], [(_passed("ada"), BY)])
    book.begin_regrading()
    assert [*book.graded_by()] == [("ada", "q6")]
    book.end_regrading()
    assert len(book.graded_by()) == 2


def test_whatever_changes_the_class_is_still_to_be_told(book: Gradebook) -> None:
    def tell() -> None:
        book.keep_told(book.revision)
        assert book.is_told

    tell()
    book.record([("ada", _submission())], [(_passed("ada"), BY)])
    assert not book.is_told
    tell()
    book.set_mark("ada", "q6", ManualMark(points=1, max_points=10))
    assert not book.is_told
    tell()
    book.enrol([ADA, BOB])
    assert book.is_told, "nothing new"
    book.enrol([ADA, BOB, Learner(id="carol")])
    assert not book.is_told


def test_the_versions_tell_apart_checks_and_settings_that_decide(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from grader.batch import version
    from grader.settings import Settings
    from grader.trace import Limits

    plain = version.graded_by("q6", Settings())
    assert plain == version.graded_by("q6", Settings(sandbox="off", whole=True))
    assert plain != version.graded_by("q6", Settings(limits=Limits(wall_time=1)))
    assert plain.checks != version.graded_by("q5", Settings()).checks
    for name in ("q5.py", "q6.py", "common.py"):
        (tmp_path / name).write_bytes((version._CHECKS / name).read_bytes())
    monkeypatch.setattr(version, "_CHECKS", tmp_path)
    version._checks_version.cache_clear()
    before = {id_: version.graded_by(id_, Settings()).checks for id_ in ("q5", "q6")}
    (tmp_path / "q6.py").write_text("another check", encoding="utf-8")
    version._checks_version.cache_clear()
    after = {id_: version.graded_by(id_, Settings()).checks for id_ in ("q5", "q6")}
    version._checks_version.cache_clear()
    assert after["q5"] == before["q5"], "other checks are no reason to grade it again"
    assert after["q6"] != before["q6"]


def test_the_workplace_of_a_killed_batch_is_taken_away_and_nothing_else(
    tmp_path: Path, book: Gradebook
) -> None:
    first = book.new_workplace()
    second = book.new_workplace()
    assert (first.exists(), second.exists()) == (False, True)
    mine = tmp_path / "mine"
    mine.mkdir()
    book._connection.execute("UPDATE facts SET value = ?", (str(mine),))
    book.new_workplace().rmdir()
    assert mine.exists()
    second.rmdir()

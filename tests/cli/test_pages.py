"""`grade report`: the pages of a class from its gradebook."""

from pathlib import Path

import msgspec
import pytest

from grader.batch.gradebook import Gradebook
from grader.batch.work import Graded, grade_task
from grader.cli import main
from grader.handed_in import GRADEBOOK, Learner, Submission
from grader.report.html.names import page_name
from tests.batch.classes import BY, Q6, task
from tests.report.html.reading import read

ADA, BOB = Learner(id="ada", name="Ada Lovelace"), Learner(id="bob", name="Bob <b>")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a batch: Ada's q6 is right, Bob has handed in nothing."""
    given = task("ada", Q6)
    graded = msgspec.json.decode(grade_task(msgspec.json.encode(given)), type=Graded)
    submission = Submission(place="class/ada/q6.py", digest=given.digest, files=("q6.py",))
    with Gradebook.create(tmp_path / "spring") as book:
        book.enrol([ADA, BOB])
        book.record([("ada", submission)], [(graded, BY)])
    return tmp_path / "spring"


def test_the_pages_of_a_batch_are_written_and_their_place_is_printed(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(out)]) == 0
    index = out / "report" / "index.html"
    assert capsys.readouterr() == (f"{index}\n", "")
    assert "spring 2 learners · 1 not handed in" in read(index).words
    ada = read(index.parent / "learners" / page_name("ada"))
    assert "What the processes did q6.py ran for" in ada.words
    assert "Process-4" in ada.words
    assert "multiprocessing" in ada.html.partition('id="f1L1"')[2]
    assert "Bob <b> bob" in read(index.parent / "learners" / page_name("bob")).words


def _refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["report", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_a_folder_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = _refused(capsys, str(tmp_path / "nowhere"))
    assert f"there is no folder {tmp_path / 'nowhere'}: name the one that" in line


def test_a_folder_without_a_gradebook_is_named_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"there is no gradebook in {tmp_path}" in _refused(capsys, str(tmp_path))
    assert [*tmp_path.iterdir()] == []


def test_a_gradebook_that_is_none_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / GRADEBOOK).write_text("no database" * 1000)
    assert str(tmp_path / GRADEBOOK) in _refused(capsys, str(tmp_path))


def test_a_place_that_cannot_be_written_to_is_one_line(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (out / "report").write_text("in the way")
    line = _refused(capsys, str(out))
    assert f"the pages cannot be written to {out / 'report'}: Not a directory." in line

"""`grade export` over a gradebook: what it writes, says and refuses."""

import json
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from grader.batch.gradebook import Gradebook
from grader.batch.version import GradedBy
from grader.batch.work import Graded, GradedExercise
from grader.cli.export import export
from grader.handed_in import GRADEBOOK, Learner
from grader.mark import ExerciseReport
from grader.report.export import FORMATS
from tests.report.export.made import a_submission, by_hand, error, graded, words
from tests.report.export.test_canvas import SHEET_OF_CANVAS
from tests.report.export.test_moodle import WORKSHEET

USAGE = 2
BY = GradedBy("1", "1", "1")

ADA = Learner(id="ada", name="Ada Lovelace", ids={"canvas": "4711", "moodle": "Participant 4711"})
GRACE = Learner(id="../grace", name="Grace Hopper", ids={"sis": "s2"})
ALAN = Learner(id="alan", name="Alan\x1b[31m Turing")


def fill(folder: Path, *class_: tuple[Learner, ExerciseReport | None]) -> Path:
    """A gradebook with the reports of these learners, None for who has not handed in."""
    with Gradebook.create(folder) as book:
        book.enrol([learner for learner, _ in class_])
        for learner, report in class_:
            if report is not None:
                submission = a_submission(digest=learner.id)
                told = GradedExercise(
                    id=report.id,
                    status=report.status,
                    points=report.points,
                    max_points=report.max_points,
                    report=msgspec.json.encode(report),
                    trace=b"",
                    notices=(),
                )
                one = Graded(
                    learner=learner.id, digest=learner.id, contents=b"", exercises=(told,)
                )
                book.record([(learner.id, submission)], [(one, {report.id: BY})])
    return folder


def reports(make: object) -> ExerciseReport:
    report = make.report  # type: ignore[attr-defined]
    assert isinstance(report, ExerciseReport)
    return report


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Ada has 2 of 4 points, the kit failed at Grace's, Alan has not handed in."""
    return fill(
        tmp_path / "out", (ADA, reports(graded())), (GRACE, reports(error())), (ALAN, None)
    )


@pytest.fixture
def one(tmp_path: Path) -> Path:
    return fill(tmp_path / "one", (ADA, reports(graded())))


def run(*arguments: object) -> Result:
    return CliRunner().invoke(export, [*map(str, arguments)], standalone_mode=True)


def refused(*arguments: object) -> str:
    """What is said of arguments that cannot be."""
    done = run(*arguments)
    assert done.exit_code == USAGE, done.output
    assert done.stdout == ""
    return done.stderr.split("Error: ")[1].strip()


@pytest.mark.parametrize("form", ["csv", "json", "junit"])
def test_a_class_is_one_file_and_what_is_to_come_is_told(
    book: Path, tmp_path: Path, form: str
) -> None:
    target = tmp_path / "class"
    done = run("--format", form, "-o", target, book)
    assert done.exit_code == 0, done.output
    assert target.read_bytes().count(b"Ada Lovelace") == 1
    assert done.stdout.splitlines() == [
        f"wrote {target}: 3 learners",
        "  2 learners with points still to come",
    ]
    assert done.stderr == (
        "grade: 2 learners with points still to come: "
        "Alan\\x1b[31m Turing (not handed in), Grace Hopper (q6: error)\n"
    )


@pytest.mark.parametrize(
    ("form", "text", "filled"),
    [
        ("canvas", SHEET_OF_CANVAS, "Monday,9,2.00,90.0,90.0"),
        ("moodle", WORKSHEET, '"Submitted for grading",2.00,4.00,Yes'),
    ],
)
def test_a_sheet_is_filled_in_and_what_does_not_match_is_told(
    book: Path, tmp_path: Path, form: str, text: str, filled: str
) -> None:
    sheet, target = tmp_path / "sheet.csv", tmp_path / "filled.csv"
    sheet.write_text(text, encoding="utf-8")
    column = ("--column", "200") if form == "canvas" else ()
    done = run("--format", form, "--into", sheet, *column, "-o", target, book)
    assert done.exit_code == 0, done.output
    assert filled in target.read_text("utf-8")
    assert sheet.read_text("utf-8") == text
    assert done.stdout.splitlines()[0] == f"wrote {target}: {sheet} with 1 row filled in"
    assert "  2 learners with no points yet, whose cells stay as they are" in done.stdout
    assert "Grace Hopper (q6: error)" in done.stderr
    assert "not in the sheet: Alan\\x1b[31m Turing" in done.stderr


def test_a_sheet_may_be_filled_in_where_it_is(book: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEET_OF_CANVAS, encoding="utf-8")
    assert (
        run("--format", "canvas", "--into", sheet, "--column", "200", "-o", sheet, book).exit_code
        == 0
    )
    assert "Monday,9,2.00," in sheet.read_text("utf-8")


@pytest.mark.parametrize("form", ["gradescope", "classroom"])
def test_one_learner_is_one_document(one: Path, book: Path, tmp_path: Path, form: str) -> None:
    alone, asked = tmp_path / "alone.json", tmp_path / "asked.json"
    assert run("--format", form, "-o", alone, one).stdout == f"wrote {alone}: Ada Lovelace\n"
    assert run("--format", form, "--learner", "ada", "-o", asked, book).exit_code == 0
    assert json.loads(alone.read_text())["tests"][0]["score"] == 2
    assert alone.read_bytes() == asked.read_bytes()
    assert b64decode(b64encode(alone.read_bytes())).isascii()


def test_several_learners_are_a_folder_of_documents_with_safe_names(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "docs"
    done = run("--format", "classroom", "-o", target, book)
    assert done.stdout.splitlines()[0] == f"wrote {target}: 3 documents"
    names = sorted(path.name for path in target.iterdir())
    assert names[:2] == ["ada.json", "alan.json"]
    assert names[2].startswith("grace-")
    assert json.loads((target / names[2]).read_text())["status"] == "error"


def test_who_has_no_score_gets_no_document_that_would_count_as_zero(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "docs"
    done = run("--format", "gradescope", "-o", target, book)
    assert [path.name for path in target.iterdir()] == ["ada.json"]
    assert "2 learners without a document" in done.stdout
    assert "Alan\\x1b[31m Turing, Grace Hopper" in done.stderr
    said = refused("--format", "gradescope", "--learner", "alan", "-o", tmp_path / "a.json", book)
    assert "has no score yet" in said
    assert not (tmp_path / "a.json").exists()
    nobody = fill(tmp_path / "nobody", (GRACE, None), (ALAN, None))
    said = refused("--format", "gradescope", "-o", tmp_path / "none", nobody)
    assert "nobody has a score for gradescope yet" in said
    assert not (tmp_path / "none").exists()


def test_several_learners_in_one_document_are_refused_with_both_remedies(
    book: Path, tmp_path: Path
) -> None:
    target = tmp_path / "all.json"
    said = refused("--format", "gradescope", "-o", target, book)
    assert said == (
        f"gradescope takes a document for each learner, and {target} is one file: name a folder "
        "with -o, or one learner with --learner ID."
    )


def test_some_exercises_alone_are_exported(tmp_path: Path) -> None:
    book = fill(tmp_path / "out", (ADA, reports(graded("q6"))), (ALAN, reports(words("q1"))))
    with Gradebook.open(book) as opened:
        opened.set_mark("ada", "q1", by_hand(3, 4))
    target = tmp_path / "t.csv"
    run("--format", "csv", "--exercises", "Q6", "-o", target, book)
    heading, ada, _ = target.read_text("utf-8-sig").splitlines()
    assert "q1" not in heading
    assert ada.startswith("ada,Ada Lovelace,,failed,failed,2,4,2,4,no")
    run("--format", "csv", "-o", target, book)
    assert ",marked,3,4,failed,2,4,5,8,no" in target.read_text("utf-8-sig")
    said = refused("--format", "csv", "--exercises", "q3,q6", "-o", target, book)
    assert said == "--exercises q3,q6: nobody has been graded for q3, but for q1, q6."


def test_what_does_not_fit_together_is_refused(book: Path, tmp_path: Path) -> None:
    target, sheet = tmp_path / "t", tmp_path / "sheet.csv"
    sheet.write_text("a,b\n", encoding="utf-8")
    for arguments, why in (
        (("canvas",), "name it with --into SHEET"),
        (("csv", "--into", sheet), "--into and --column are for canvas and moodle, not csv"),
        (("csv", "--column", "x"), "--into and --column are for canvas and moodle, not csv"),
        (("moodle", "--into", sheet, "--learner", "ada"), "--learner is not for moodle"),
        (("moodle", "--into", sheet), f"{sheet} cannot be filled in: it has no column Grade"),
        (("moodle", "--into", tmp_path / "no"), "cannot be read: No such file or directory"),
        (("moodle", "--into", tmp_path), "is no file: name the CSV sheet"),
        (("csv", "--learner", "eve"), "there is no learner 'eve' in the gradebook"),
    ):
        assert why in refused("--format", *arguments, "-o", target, book)
    assert not target.exists()


def test_a_place_that_cannot_be_written_is_told_in_a_line(book: Path, tmp_path: Path) -> None:
    said = refused("--format", "csv", "-o", tmp_path / "no" / "t.csv", book)
    assert said == (
        f"{tmp_path / 'no' / 't.csv'} cannot be written, for there is no folder "
        f"{tmp_path / 'no'}: make it."
    )
    assert "no gradebook in" in refused("--format", "csv", "-o", tmp_path / "t", tmp_path)


def test_the_gradebook_is_never_overwritten(book: Path, tmp_path: Path) -> None:
    before = (book / GRADEBOOK).read_bytes()
    (tmp_path / "link").symlink_to(book / GRADEBOOK)
    for target in (book / GRADEBOOK, tmp_path / "link", book / f"{GRADEBOOK}-wal"):
        assert "is the gradebook itself" in refused("--format", "csv", "-o", target, book)
    assert (book / GRADEBOOK).read_bytes() == before


def test_the_command_is_there_and_its_usage_errors_are_one_line(
    book: Path, tmp_path: Path
) -> None:
    def grade(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "grader", "export", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    done = grade("--format", "csv", "-o", "t.csv", book)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "wrote t.csv: 3 learners")
    done = grade("--format", "canvas", "-o", "t.csv", book)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (USAGE, "", 1)


def test_every_format_is_in_the_help() -> None:
    assert all(form in run("--help").stdout for form in FORMATS)

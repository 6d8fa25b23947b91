"""`grade batch` and `grade mark` as an instructor runs them: real processes, which really die."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Never

import msgspec
import psutil
import pytest
from jsonschema import Draft202012Validator

from grader.batch.database import only_one
from grader.batch.gradebook import Gradebook
from grader.batch.work import Task, ungraded
from grader.cli import main
from grader.handed_in import GRADEBOOK, Learner
from grader.report.as_json import schema
from tests.conftest import ROOT, needs_warm

Q6 = (ROOT / "solutions" / "q6.py").read_text(encoding="utf-8")
LOOP = "for number in range(4):\n    print(number)\n"
HANGS = "import time\ntime.sleep(600)\n"

BATCH = [sys.executable, "-m", "grader", "batch"]
ONLY_Q6 = ["--exercises", "q6", "--sandbox", "off", "-j", "2"]

Class = Callable[..., Path]


@pytest.fixture
def handed_in(tmp_path: Path) -> Class:
    """Lays down a folder a learner, each with a q6.py of the given source."""

    def lay(**sources: str) -> Path:
        folder = tmp_path / "submissions"
        for learner, source in sources.items():
            (folder / learner).mkdir(parents=True, exist_ok=True)
            (folder / learner / "q6.py").write_text(source, encoding="utf-8")
        return folder

    return lay


def _batch(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BATCH, *map(str, arguments)], capture_output=True, encoding="utf-8", check=False
    )


def _verdicts(out: Path) -> dict[str, object]:
    """What the gradebook says of each learner, but for times and PIDs."""
    with Gradebook.open(out) as book:
        return {
            result.learner.id: (
                result.submission,
                [
                    (each.id, each.status, each.points, [c.status for c in each.report.checks])
                    for each in result.exercises
                    if each.report is not None
                ],
            )
            for result in book.results()
        }


def _reports(out: Path) -> dict[str, bytes]:
    """The traces as they are kept, which no second run would give again."""
    with closing(sqlite3.connect(out / GRADEBOOK)) as book:
        return dict(book.execute("SELECT learner, trace FROM reports"))


def test_a_class_is_graded_and_told_of(handed_in: Class, tmp_path: Path) -> None:
    folder = handed_in(ada=Q6, bob=LOOP, carol="")
    done = _batch(folder, "-o", tmp_path / "out", *ONLY_Q6)
    assert done.returncode == 0, done.stderr
    assert "3 learners, 3 handed in" in done.stdout
    assert "3/3: 1 passed, 1 failed, 1 absent, 0 error" in done.stderr
    assert "four_processes" in done.stdout
    assert _verdicts(tmp_path / "out")["ada"][1][0][:3] == ("q6", "passed", 10)  # type: ignore[index]
    assert (tmp_path / "out" / "grades.csv").is_file()
    assert (tmp_path / "out" / "report" / "index.html").is_file()


@needs_warm
def test_what_a_class_hands_in_begins_warm(handed_in: Class, tmp_path: Path) -> None:
    out = tmp_path / "out"
    _batch(handed_in(ada=Q6, bob=f"import gc\n{Q6}"), "-o", out, *ONLY_Q6)
    with Gradebook.open(out) as book:
        reports = [each.report for r in book.results(traces=True) for each in r.exercises]
    assert [each and each.trace and each.trace.start for each in reports] == ["warm", "cold"]


def test_json_is_one_document_and_nothing_else(handed_in: Class, tmp_path: Path) -> None:
    folder = handed_in(ada=Q6, bob=LOOP)
    done = _batch(folder, "-o", tmp_path / "out", *ONLY_Q6, "--format", "json")
    document = json.loads(done.stdout)
    Draft202012Validator(schema("batch.schema.json")).validate(document)
    assert document["layout"][0].endswith("one folder a learner, 2 files of 2 learners.")
    summary = document["summary"]
    assert (summary["learners"], summary["handed_in"]) == (2, 2)
    assert summary["exercises"][0]["counts"] == {"passed": 1, "failed": 1}
    assert summary["distribution"][-1] == 1


def test_the_same_command_grades_only_what_is_new_or_changed(
    handed_in: Class, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    folder = handed_in(ada=Q6, bob=LOOP)
    _batch(folder, "-o", out, *ONLY_Q6)
    first = _reports(out)
    handed_in(bob=Q6, carol=LOOP)
    assert _batch(folder, "-o", out, *ONLY_Q6).returncode == 0
    second = _reports(out)
    assert second["ada"] == first["ada"]
    assert second["bob"] != first["bob"]
    assert [each[1][0][1] for each in _verdicts(out).values()] == ["passed", "passed", "failed"]  # type: ignore[index]
    assert _batch(folder, "-o", out, *ONLY_Q6, "--regrade").returncode == 0
    third = _reports(out)
    assert not any(third[learner] == second[learner] for learner in third)


def test_other_limits_are_a_reason_to_grade_again(handed_in: Class, tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = handed_in(ada=HANGS)
    _batch(folder, "-o", out, *ONLY_Q6, "--time-limit", "0.5")
    first = _reports(out)
    _batch(folder, "-o", out, *ONLY_Q6, "--time-limit", "0.6")
    assert _reports(out) != first


def _until(has_happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not has_happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _number_graded(out: Path) -> int:
    if not (out / GRADEBOOK).exists():
        return 0
    with closing(sqlite3.connect(f"file:{out / GRADEBOOK}?mode=ro", uri=True)) as book:
        try:
            found: int = book.execute("SELECT count(*) FROM reports").fetchone()[0]
        except sqlite3.OperationalError:  # not made yet
            return 0
        return found


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts batches that are ended with the test, whatever happens."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        command = [*BATCH, *map(str, arguments)]
        running.append(subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8"))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        if process.stderr is not None:
            process.stderr.close()


Started = Callable[..., subprocess.Popen[str]]


def _workplace(out: Path) -> Path:
    with closing(sqlite3.connect(out / GRADEBOOK)) as book:
        return Path(*book.execute("SELECT value FROM facts WHERE name = 'workplace'").fetchone())


def _ended(processes: list[psutil.Process]) -> bool:
    return not any(each.is_running() and each.status() != "zombie" for each in processes)


@pytest.mark.parametrize("way", ["kill -9", "Ctrl-C", "a killed worker"])
def test_whatever_ends_it_nothing_is_lost_and_nothing_graded_twice(
    way: str, handed_in: Class, tmp_path: Path, started: Started
) -> None:
    names = [f"l{number:02}" for number in range(12)]
    folder = handed_in(**{name: (Q6, LOOP)[at % 2] for at, name in enumerate(names)})
    undisturbed, out = tmp_path / "undisturbed", tmp_path / "out"
    _batch(folder, "-o", undisturbed, *ONLY_Q6)
    batch = started(folder, "-o", out, *ONLY_Q6)
    _until(lambda: _number_graded(out) >= 3)
    below = psutil.Process(batch.pid).children(recursive=True)
    before, workplace = _reports(out), _workplace(out)
    if way == "a killed worker":
        workers = psutil.Process(batch.pid).children()
        next(p for p in workers if "spawn_main" in " ".join(p.cmdline())).kill()
        assert batch.wait() == 0
    else:
        batch.send_signal(signal.SIGKILL if way == "kill -9" else signal.SIGINT)
        _, said = batch.communicate()
        if way == "Ctrl-C":
            assert batch.returncode == 130
            assert said.endswith(" of 12 are graded and saved; the same command goes on.\n")
            assert "Traceback" not in said
        _until(lambda: _ended(below))
        assert _batch(folder, "-o", out, *ONLY_Q6).returncode == 0
    assert not _workplace(out).exists()
    assert not workplace.exists()
    after = _reports(out)
    assert before.items() <= after.items(), "what was graded is not graded again"
    assert _verdicts(out) == _verdicts(undisturbed)


def test_one_interrupted_while_its_engine_starts_leaves_nothing(
    handed_in: Class, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_workers: int, folder: Path, _most: int) -> Never:
        assert folder.is_dir()
        raise KeyboardInterrupt

    monkeypatch.setattr("grader.batch.engine.LocalEngine", interrupted)
    assert main(["batch", str(handed_in(ada=Q6)), "-o", str(tmp_path / "out"), *ONLY_Q6]) == 130
    assert not _workplace(tmp_path / "out").exists()


def test_two_batches_do_not_write_one_gradebook(handed_in: Class, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with only_one(out):
        done = _batch(handed_in(ada=Q6), "-o", out, *ONLY_Q6)
    assert done.returncode == 2
    *_, said = done.stderr.splitlines()
    assert said.startswith(f"grade: another batch is writing to {out}: wait")


def test_a_download_and_a_roster_tell_who_has_not_handed_in(tmp_path: Path) -> None:
    download, roster = tmp_path / "submissions.zip", tmp_path / "roster.csv"
    with zipfile.ZipFile(download, "w") as archive:
        archive.writestr("lovelaceada_LATE_11_901_q6.py", Q6)
        archive.writestr("baconbob_12_902_q6.py", LOOP)
    roster.write_text(
        "Student,ID,SIS Login ID\n"
        '"Lovelace, Ada",11,ada\n"Bacon, Bob",12,bob\n"Curie, Carol",13,carol\n',
        encoding="utf-8",
    )
    out = tmp_path / "out"
    done = _batch(download, "-o", out, *ONLY_Q6, "--roster", roster)
    assert done.returncode == 0, done.stderr
    assert "3 learners, 2 handed in" in done.stdout
    with Gradebook.open(out) as book:
        found = {
            result.learner.name: (
                result.submission is not None and result.submission.late,
                result.exercises[0].status,
            )
            for result in book.results()
        }
    assert found == {
        "Bacon, Bob": (False, "failed"),
        "Curie, Carol": (False, "missing"),
        "Lovelace, Ada": (True, "passed"),
    }


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing argument 'PATH...'"),
        (["nowhere", "-o", "out"], "nowhere"),
        ([".", "-o", "out", "--exercises", "q9"], "there is no exercise q9"),
        ([".", "-o", "out", "--exercises", ","], "--exercises names none"),
        ([".", "-o", "out", "--layout", "odd"], "there is no layout 'odd'"),
        ([".", "-o", "out", "--learner-pattern", "("], "--learner-pattern"),
        ([".", "-o", "out", "-j", "2", "--cluster", "tcp://127.0.0.1:1"], "-j is for the cores"),
    ],
)
def test_a_mistake_is_one_line_and_makes_nothing(
    arguments: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["batch", *arguments]) == 2
    shown = capfd.readouterr().err
    assert said in shown
    assert len(shown.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


class Failing:
    """An engine whose workers die of everything."""

    deaths = (RuntimeError,)

    def __init__(self, _workers: int, _folder: Path, _most: int) -> None:
        pass

    def has_room(self, running: int) -> bool:
        return running < 2

    def submit(self, task: bytes) -> Future[bytes]:
        future: Future[bytes] = Future()
        graded = ungraded(msgspec.json.decode(task, type=Task), "for a test")
        future.set_result(msgspec.json.encode(graded))
        return future

    def renew(self, *, alone: bool) -> None:
        pass

    def check(self) -> None:
        pass

    def stop(self) -> None:
        pass


def test_what_the_kit_failed_at_is_told_and_tried_again(
    handed_in: Class,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    folder, out = handed_in(ada=Q6), tmp_path / "out"
    with monkeypatch.context() as failing:
        failing.setattr("grader.batch.engine.LocalEngine", Failing)
        assert main(["batch", str(folder), "-o", str(out), *ONLY_Q6]) == 1
    assert "q6 could not be graded: for a test" in capfd.readouterr().out
    assert _batch(folder, "-o", out, *ONLY_Q6).returncode == 0
    assert _verdicts(out)["ada"][1][0][1] == "passed"  # type: ignore[index]


def test_a_mark_and_what_an_interrupted_batch_left_untold_are_told_by_the_next(
    handed_in: Class, tmp_path: Path
) -> None:
    folder, out = handed_in(ada=Q6), tmp_path / "out"
    _batch(folder, "-o", out, *ONLY_Q6)
    assert main(["mark", "ada", "q6", "3", "--comment", "late", str(out)]) == 0
    _batch(folder, "-o", out, *ONLY_Q6)
    assert ",3," in (out / "grades.csv").read_text(encoding="utf-8-sig")
    page = next((out / "report" / "learners").iterdir()).read_text(encoding="utf-8")
    assert "late" in page


def test_what_a_batch_wrote_is_no_submission(
    handed_in: Class, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(handed_in(ada=Q6))
    for _ in range(2):
        assert main(["batch", ".", "-o", "out", *ONLY_Q6]) == 0
    assert [*_verdicts(Path("out"))] == ["ada"]
    capfd.readouterr()
    assert main(["batch", ".", "-o", ".", *ONLY_Q6]) == 2
    assert "cannot be both what was handed in and" in capfd.readouterr().err


def test_a_folder_that_is_no_gradebooks_is_left_alone(handed_in: Class, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    done = _batch(handed_in(ada=Q6), "-o", tmp_path / "out", *ONLY_Q6)
    assert done.returncode == 2
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


# -- marks by hand -------------------------------------------------------------------------


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A gradebook with a class in it."""
    with Gradebook.create(tmp_path / "out") as book:
        book.enrol(
            [
                Learner(id="ada", name="Ada Lovelace", email="ada@example.org"),
                Learner(id="s1", name="Bob"),
                Learner(id="s2", name="Bob"),
            ]
        )
    return tmp_path / "out"


def _points(out: Path, learner: str) -> dict[str, tuple[float | None, float, str]]:
    with Gradebook.open(out) as book:
        result = book.result(learner)
    assert result is not None
    return {
        each.id: (each.points, each.max_points, each.manual.comment if each.manual else "")
        for each in result.exercises
    }


@pytest.mark.parametrize("who", ["ada", "Ada Lovelace", "ADA@example.org"])
def test_a_mark_by_hand_is_kept(
    who: str, out: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(out.parent)
    assert main(["mark", who, "q1", "4.5", "--max", "5", "--comment", "well said"]) == 0
    assert capfd.readouterr().out == "Ada Lovelace: q1 4.5 of 5 points, by hand.\n"
    assert _points(out, "ada") == {"q1": (4.5, 5, "well said")}
    assert main(["mark", who, "q1", "--remove", str(out)]) == 0
    assert _points(out, "ada") == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Bob", "q1", "1"], "2 learners are called Bob: say which, by id: s1, s2"),
        (["eve", "q1", "1"], "there is no learner eve: there are 3, such as ada"),
        (["ada", "q9", "1"], "there is no exercise q9"),
        (["ada", "q1"], "say who, what and how many points"),
        (["ada", "q1", "1", "2", "--remove"], "say who, what and how many points"),
        (["ada", "q1", "-1"], "No such option"),
        (["ada", "q1", "nan"], "nan is no number of points from 0 to 10, or say --max"),
        (["ada", "q1", "11"], "11 is no number of points from 0 to 10, or say --max"),
        (["ada", "q6", "11"], "11 is no number of points from 0 to 10."),
        (["ada", "q6", "1", "--max", "5"], "q6 has its own"),
    ],
)
def test_a_mark_that_means_nothing_is_one_line(
    arguments: list[str],
    said: str,
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(out)
    assert main(["mark", *arguments]) == 2
    shown = capfd.readouterr().err
    assert said in shown
    assert len(shown.splitlines()) == 1
    assert _points(out, "ada") == {}


def test_a_mark_survives_that_all_is_graded_again(handed_in: Class, tmp_path: Path) -> None:
    folder, out = handed_in(ada=LOOP), tmp_path / "class"
    _batch(folder, "-o", out, *ONLY_Q6)
    assert main(["mark", "ada", "q6", "9", str(out)]) == 0
    handed_in(ada=Q6)
    _batch(folder, "-o", out, *ONLY_Q6, "--regrade")
    assert _points(out, "ada")["q6"][:2] == (9, 10)

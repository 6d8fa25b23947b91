"""Every program of the zoo is judged as its header says, however it is observed.

Here without the sandbox: with it, where there is one, `grade verify` runs them all
(tests/test_verify.py).
"""

from pathlib import Path

import pytest

from grader.checks import exercise, exercise_ids
from grader.grading import grade_exercise
from grader.mark import CheckStatus, ExerciseReport, Status, absent
from grader.run.telling import is_telling
from grader.settings import Settings
from grader.trace import Limits
from grader.zoo import Specimen, misjudged, specimen, specimens
from tests.conftest import ROOT, STARTS_WARM, Way, options_of
from tests.report.traces import a_check, an_exercise

ZOO = tuple(specimens(ROOT))


def _name(each: Specimen) -> str:
    return f"{each.exercise}/{each.path.parent.name}/{each.path.stem}"


@pytest.mark.parametrize(("way", "warm"), [("linux", True), ("linux", False), ("portable", False)])
@pytest.mark.parametrize("each", ZOO, ids=_name)
def test_a_program_of_the_zoo_is_judged_as_its_header_says(
    each: Specimen, way: Way, warm: bool
) -> None:
    settings = Settings(
        limits=each.limits,
        portable=False,
        start_method=each.start_method,
        warm=warm,
        **options_of(way),
    )
    report = grade_exercise(each.path, exercise(each.exercise), settings)
    assert misjudged(each, report) is None
    assert report.trace is not None
    may_be_warm = warm and STARTS_WARM and not is_telling(each.path.read_bytes())
    assert report.trace.start == ("warm" if may_be_warm else "cold")


@pytest.mark.parametrize("id_", exercise_ids())
def test_each_exercise_has_15_right_and_20_wrong_programs_at_least(id_: str) -> None:
    wrong = [each.fails is not None for each in ZOO if each.exercise == id_]
    assert wrong.count(False) >= 15
    assert wrong.count(True) >= 20


def test_the_headers_of_wrong_programs_name_a_check_and_words_of_its_message() -> None:
    for each in ZOO:
        if each.fails is not None:
            assert each.fails in [check.id for check in exercise(each.exercise).checks], each.path
            assert each.says, each.path


def test_no_right_program_has_a_header_that_goes_unread() -> None:
    assert [each.path for each in ZOO if each.fails is None and each.says] == []


def _written(tmp_path: Path, text: str, place: str = "q6/wrong/slip.py") -> Path:
    path = tmp_path / "tests" / "submissions" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def test_a_header_says_what_fails_with_which_words_within_which_time(tmp_path: Path) -> None:
    path = _written(
        tmp_path, "# fails: joined\n# says: Process-2\n#says:  and PID \n# time-limit: 2.5\npass\n"
    )
    assert specimen(path) == Specimen(
        path=path,
        exercise="q6",
        fails="joined",
        says=("Process-2", "and PID"),
        limits=Limits(wall_time=2.5),
    )


def test_without_a_time_limit_in_the_header_the_usual_one_holds(tmp_path: Path) -> None:
    assert specimen(_written(tmp_path, "# fails: joined\n")).limits == Limits()


def test_a_header_ends_where_the_program_begins(tmp_path: Path) -> None:
    path = _written(tmp_path, "# fails: joined\nimport os\n# says: not this\n# time-limit: 9\n")
    assert (specimen(path).says, specimen(path).limits) == ((), Limits())


@pytest.mark.parametrize("place", ["q6/right/a.py", "q6/wrong/a.py"])
def test_any_program_may_name_the_start_method_that_it_needs(tmp_path: Path, place: str) -> None:
    path = _written(tmp_path, "# start-method: fork\n# fails: joined\n", place)
    assert specimen(path).start_method == "fork"
    assert specimen(_written(tmp_path, "# fails: joined\n")).start_method is None


def test_a_right_program_fails_nothing_whatever_its_comments_say(tmp_path: Path) -> None:
    assert specimen(_written(tmp_path, "# fails: joined\n", "q6/right/a.py")).fails is None


def test_a_wrong_program_without_a_header_is_misjudged_whatever_comes_out(tmp_path: Path) -> None:
    each = specimen(_written(tmp_path, "pass\n"))
    for status in ("passed", "failed"):
        report = an_exercise(a_check("ran_clean", status))
        assert misjudged(each, report) == "must fail '', which is no check of q6"


@pytest.mark.parametrize("text", ["# fails: joined\n\udcff", "# fails: joined\n\x00"])
def test_a_program_that_is_no_text_has_its_header_read_all_the_same(
    tmp_path: Path, text: str
) -> None:
    path = _written(tmp_path, "")
    path.write_bytes(text.encode(errors="surrogateescape"))
    assert specimen(path).fails == "joined"


def test_the_zoo_is_what_lies_in_right_and_wrong(tmp_path: Path) -> None:
    places = ["q5/wrong/b.py", "q6/right/a.py", "q6/wrong/a.py"]
    others = ["q6/notes/a.py", "q6/right/a.txt", "q6/right/more/a.py", "other/right/a.py"]
    for place in [*places, *others]:
        _written(tmp_path, "", place)
    zoo = tmp_path / "tests" / "submissions"
    assert [each.path for each in specimens(tmp_path)] == [zoo / place for place in places]


RIGHT = Specimen(path=Path("a.py"), exercise="q6", fails=None, says=(), limits=Limits())
WRONG = Specimen(
    path=Path("a.py"), exercise="q6", fails="joined", says=("only", "PID 7"), limits=Limits()
)


def test_a_right_program_that_passed_is_judged_well() -> None:
    assert misjudged(RIGHT, an_exercise(a_check("joined"))) is None


def test_a_right_program_that_failed_is_misjudged_and_the_reasons_are_told() -> None:
    report = an_exercise(
        a_check("a", "failed", message="One."),
        a_check("b", "skipped", message="Two."),
        a_check("c", "failed", message="Three."),
    )
    assert misjudged(RIGHT, report) == "is right, but failed: a: One.; c: Three."


@pytest.mark.parametrize("status", ["absent", "error"])
def test_a_right_program_that_was_not_marked_is_misjudged_and_the_note_is_told(
    status: Status,
) -> None:
    report = an_exercise(status=status, note="Why not.")
    assert misjudged(RIGHT, report) == f"is right, but {status}: Why not."


def _failing(message: str, status: CheckStatus = "failed") -> ExerciseReport:
    return an_exercise(a_check("ran_clean"), a_check("joined", status, message=message))


def test_a_wrong_program_whose_message_holds_all_its_words_is_judged_well() -> None:
    assert misjudged(WRONG, _failing("ONLY the last one, pid 7, was joined.")) is None


def test_a_wrong_program_whose_message_lacks_a_word_is_misjudged() -> None:
    wrong = misjudged(WRONG, _failing("Only the last one."))
    assert wrong == "the message of joined must say 'PID 7', but is: Only the last one."


@pytest.mark.parametrize("status", ["passed", "skipped", "advice"])
def test_a_wrong_program_whose_check_did_not_fail_is_misjudged(status: CheckStatus) -> None:
    wrong = misjudged(WRONG, _failing("Only PID 7.", status))
    assert wrong == f"must fail joined, which came out {status}: Only PID 7."


def test_a_wrong_program_that_fails_another_check_only_is_misjudged() -> None:
    report = an_exercise(a_check("ran_clean", "failed", message="Only PID 7."), a_check("joined"))
    assert str(misjudged(WRONG, report)).startswith("must fail joined, which came out passed")


def test_a_wrong_program_that_nothing_came_of_is_misjudged() -> None:
    wrong = misjudged(WRONG, absent(exercise("q6"), "Only PID 7."))
    assert str(wrong).startswith("must fail joined, which came out skipped")

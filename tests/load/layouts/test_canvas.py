"""Canvas' flat names give each user the files that were handed in last."""

from pathlib import Path

import pytest

from grader.handed_in import Learner
from grader.load.collect import collect
from tests.load.downloads import (
    Q6,
    contents,
    folder,
    one,
    taken,
    zipped,
)
from tests.load.layouts.examples import (
    CANVAS,
)


def test_canvas_tells_the_user_the_name_and_who_was_late(tmp_path: Path) -> None:
    with collect([zipped(tmp_path, "submissions", CANVAS)]) as found:
        late = one(found, "4712")
        assert late.learner == Learner(id="4712", name="o'brienzoë", ids={"canvas": "4712"})
        assert late.late
        assert late.read()[0].late
        assert not one(found, "4711").late


def test_canvas_number_of_a_file_handed_in_again_is_undone_and_the_highest_counts(
    tmp_path: Path,
) -> None:
    files = {
        "doejane_4711_9910_q6-10.py": "is the learner's own name",
        "doejane_4711_9901_q6.py": "first",
        "doejane_4711_9902_q6-1.py": "second",
        "doejane_4711_9903_q6-2.py": "third",
        "doejane_4711_9904_work-1.tar.gz": "no archive",
        "roejohn_4712_9905_q5-0e5c3a1e-91f7-4b34-8b4c-5d35a2e1c111.py": "ninth",
    }
    with collect([zipped(tmp_path, "submissions", files)]) as found:
        jane, john = one(found, "4711"), one(found, "4712")
        assert contents(jane)["q6.py"] == "third"
        assert contents(jane)["q6-10.py"] == "is the learner's own name"
        assert "work.tar.gz" in contents(jane)
        assert (jane.attempt, jane.attempts) == (3, 3)
        assert contents(john) == {"q5.py": "ninth"}


def test_canvas_keeps_the_names_of_data_unless_the_programs_were_handed_in_again_with_it(
    tmp_path: Path,
) -> None:
    files = {
        "a_1_11_q6.py": Q6,
        "a_1_12_data-1.csv": "",
        "a_1_13_data-2.csv": "",
        "b_2_14_q6-1.py": Q6,
        "b_2_15_data-1.csv": "",
    }
    assert taken(zipped(tmp_path, "submissions", files)) == {
        "1": ["data-1.csv", "data-2.csv", "q6.py"],
        "2": ["data.csv", "q6.py"],
    }


def test_canvas_anonymous_learners_have_no_name(tmp_path: Path) -> None:
    files = {
        "anon_aB3x9_9901_q6.py": Q6,
        "LATE_anon_Zz912_9902_q6.py": Q6,
        "anon_Kk2_text.html": "",
    }
    with collect([zipped(tmp_path, "submissions", files)]) as found:
        assert [each.learner.id for each in found.handed_in] == [
            "anon_aB3x9",
            "anon_Kk2",
            "anon_Zz912",
        ]
        assert one(found, "anon_Zz912").late
        assert one(found, "anon_aB3x9").learner.name == ""


def test_dates_in_the_names_of_files_are_no_canvas_users(tmp_path: Path) -> None:
    files = {f"{name}_2024_05_q6.py": Q6 for name in ("alice", "bob")}
    assert taken(folder(tmp_path, "class", files)) == {
        "alice_2024_05": ["q6.py"],
        "bob_2024_05": ["q6.py"],
    }


UUIDS = "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "0e5c3a1e-91f7-4b34-8b4c-5d35a2e1c111"


@pytest.mark.parametrize(
    ("names", "attempts"),
    [
        (["q6.py", "q6-1.py", f"q6-{UUIDS[0]}.py"], 3),
        (["q6-2.py", f"q6-{UUIDS[0]}.py"], 4),
        (["q6.py", f"q6-{UUIDS[0]}.py", f"q6-{UUIDS[1]}.py"], 3),
        ([f"q6-{UUIDS[0]}.py"], 2),
        ([f"q5-{UUIDS[0]}.py", f"q6-{UUIDS[1]}.py"], 2),
        (["q5.py", "q6-3.py"], 4),
    ],
)
def test_canvas_attempts_are_those_that_the_names_are_evidence_of(
    tmp_path: Path, names: list[str], attempts: int
) -> None:
    files = {f"doejane_4711_99{n}_{name}": str(n) for n, name in enumerate(names)}
    with collect([zipped(tmp_path, "submissions", files)]) as found:
        jane = one(found, "4711")
        assert (jane.attempt, jane.attempts) == (attempts, attempts)
        assert contents(jane)["q6.py"] == str(len(names) - 1)

"""Moodle's names tell the participants, whoever they are."""

from pathlib import Path

import pytest

from grader.handed_in import Learner
from grader.load.collect import collect
from tests.load.downloads import (
    Q6,
    learners,
    one,
    zipped,
)


@pytest.mark.parametrize("word", ["Participant", "Teilnehmerin", "Kursmitglied"])
def test_moodle_with_blind_marking_tells_numbers_alone(tmp_path: Path, word: str) -> None:
    files = {f"{word}_{n}_assignsubmission_file/q6.py": Q6 for n in (4711, 4712)}
    with collect([zipped(tmp_path, "lab", files)]) as found:
        assert [each.learner for each in found.handed_in] == [
            Learner(id=f"Participant {n}", ids={"moodle": f"Participant {n}"})
            for n in (4711, 4712)
        ]


def test_moodle_of_one_blind_learner_is_not_taken_for_a_learner_of_that_name(
    tmp_path: Path,
) -> None:
    files = {"Participante_4711_assignsubmission_file/q6.py": Q6}
    with collect([zipped(tmp_path, "lab", files)]) as found:
        assert one(found, "Participant 4711").learner.name == ""
        assert learners(found) == {"Participant 4711": ["q6.py"]}


def test_moodles_old_names_of_teams_are_no_part_of_the_learners_names(tmp_path: Path) -> None:
    names = ["Red-Jane Doe", "Red-Li Wei", "Blue-Anne-Marie Roe", "Blue-Max Mu"]
    files = {f"{name}_{n}_assignsubmission_file_q6.py": Q6 for n, name in enumerate(names)}
    with collect([zipped(tmp_path, "lab", files)]) as found:
        assert [each.learner.name for each in found.handed_in] == [
            "Jane Doe",
            "Li Wei",
            "Anne-Marie Roe",
            "Max Mu",
        ]


def test_moodle_names_with_hyphens_stay_whole(tmp_path: Path) -> None:
    names = ["Anne-Marie Roe", "Jean-Luc Doe", "Jean-Paul Mu"]
    files = {f"{name}_{n}_assignsubmission_file/q6.py": Q6 for n, name in enumerate(names)}
    with collect([zipped(tmp_path, "lab", files)]) as found:
        assert [each.learner.name for each in found.handed_in] == names


def test_a_file_named_like_anothers_in_moodle_is_of_whom_its_name_begins_with_and_told_of(
    tmp_path: Path,
) -> None:
    files = {
        "Jane Doe_4711_assignsubmission_file_q6.py": "jane",
        "Bob Roe_4712_assignsubmission_file_q6.py": "bob",
        "Jane Doe_4711_assignsubmission_file_4712_assignsubmission_file_q5.py": "jane too",
    }
    path = zipped(tmp_path, "lab", files)
    with collect([path]) as found:
        assert learners(found) == {
            "Participant 4711": ["4712_assignsubmission_file_q5.py", "q6.py"],
            "Participant 4712": ["q6.py"],
        }
        assert found.remarks == (
            (
                f"{path}: Jane Doe_4711_assignsubmission_file_4712_assignsubmission_file_q5.py: "
                "taken for a file of whom its name begins with."
            ),
        )


def test_a_file_that_is_named_like_moodles_in_a_folder_of_moodles_needs_no_remark(
    tmp_path: Path,
) -> None:
    name = "Jane Doe_4711_assignsubmission_file"
    with collect([zipped(tmp_path, "lab", {f"{name}/{name}_q6.py": Q6})]) as found:
        assert found.remarks == ()

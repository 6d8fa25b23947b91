"""GitHub Classroom's clones and nbgrader's folders name their learners."""

from pathlib import Path

import pytest

from grader.load.collect import CollectError, collect
from tests.load.downloads import (
    Q6,
    folder,
    learners,
    one,
    taken,
)
from tests.load.layouts.examples import (
    CLASSROOM,
    NBGRADER,
)


def test_classroom_tells_the_login(tmp_path: Path) -> None:
    with collect([folder(tmp_path, "lab-6-submissions", CLASSROOM)]) as found:
        assert one(found, "jane-doe").learner.ids == {"github": "jane-doe"}


def test_clones_in_a_folder_of_another_name_are_classrooms_when_asked_for(tmp_path: Path) -> None:
    path = folder(tmp_path, "clones", CLASSROOM)
    assert taken(path).keys() == {"lab-6-octocat", "lab-6-jane-doe"}
    assert taken(path, layout="classroom").keys() == {"octocat", "jane-doe"}


def test_a_single_clone_is_still_a_class(tmp_path: Path) -> None:
    path = folder(tmp_path, "lab-submissions", {"lab-octocat/q6.py": Q6})
    assert taken(path) == {"octocat": ["q6.py"]}


@pytest.mark.parametrize("name", ["submitted", "handed-in"])
def test_nbgraders_folder_of_submissions_alone_will_do(tmp_path: Path, name: str) -> None:
    files = {
        path.removeprefix("submitted/"): data
        for path, data in NBGRADER.items()
        if path.startswith("submitted/")
    }
    with collect([folder(tmp_path, name, files)]) as found:
        assert learners(found) == {"jane": ["q6.ipynb"], "zoë": ["q6.ipynb"]}
        assert one(found, "jane").handed_in == "2024-02-02T15:58:23+00:00"
        assert one(found, "zoë").handed_in == "2024-02-02T14:58:23+00:00"


def test_what_else_is_in_nbgraders_course_is_left_out_and_told(tmp_path: Path) -> None:
    path = folder(tmp_path, "course101", NBGRADER)
    with collect([path]) as found:
        assert found.remarks == (f"{path}: gradebook.db, source: not in `submitted`, left out.",)


def test_several_assignments_of_nbgrader_need_a_choice_that_is_shown_and_works(
    tmp_path: Path,
) -> None:
    path = folder(tmp_path, "course", {**NBGRADER, "submitted/jane/lab5/q5.ipynb": "{}"})
    with pytest.raises(CollectError) as caught:
        collect([path])
    assert str(caught.value) == (
        f"{path}: it has submissions of 2 assignments (lab5, lab6): choose one with "
        "--learner-pattern 'submitted/(?P<learner>[^/]+)/lab5/'."
    )
    pattern = "submitted/(?P<learner>[^/]+)/lab5/"
    assert taken(path, learner_pattern=pattern) == {"jane": ["q5.ipynb"]}


@pytest.mark.parametrize("stamp", ["yesterday", "2024-99-99 10:00:00 UTC", "x" * 10_000, ""])
def test_a_timestamp_that_says_nothing_is_no_time(tmp_path: Path, stamp: str) -> None:
    files = {**NBGRADER, "submitted/jane/lab6/timestamp.txt": stamp}
    with collect([folder(tmp_path, "course", files)]) as found:
        assert one(found, "jane").handed_in == ""

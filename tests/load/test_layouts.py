"""Each platform's download is recognised, and gives each learner the files as they named them."""

from pathlib import Path

import pytest

from grader.load.collect import LAYOUTS, collect
from tests.load.downloads import (
    BUILDS,
    Build,
    Files,
    learners,
)
from tests.load.layouts.examples import (
    CANVAS,
    CLASSROOM,
    FLAT_MOODLE,
    GRADESCOPE,
    MOODLE,
    NBGRADER,
)

EXPECTED: dict[str, tuple[str, str, Files, dict[str, list[str]]]] = {
    "Canvas": (
        "canvas",
        "submissions",
        CANVAS,
        {
            "4711": ["q5.py", "q6.py"],
            "4712": ["q6.ipynb"],
            "4713": ["text.html"],
            "4714": ["q6.py"],
        },
    ),
    "Moodle with folders": (
        "moodle",
        "MP101-Lab 6-77",
        MOODLE,
        {
            "Participant 4711": ["onlinetext.html", "q6.py", "src/helper.py"],
            "Participant 4712": ["q6.ipynb"],
        },
    ),
    "Moodle without folders": (
        "moodle",
        "MP101-Lab 6-77",
        FLAT_MOODLE,
        {
            "Participant 4711": ["my_q5.py", "q6.py"],
            "Participant 4712": ["onlinetext.html"],
        },
    ),
    "Gradescope": (
        "gradescope",
        "assignment_77_export",
        GRADESCOPE,
        {
            "0300": ["data/numbers.txt", "q6.py"],
            "0301": ["q6.py"],
            "zoe@example.org": ["data/numbers.txt", "q6.py"],
        },
    ),
    "GitHub Classroom": (
        "classroom",
        "lab-6-submissions",
        CLASSROOM,
        {"octocat": ["q6.py"], "jane-doe": ["q6.py", "src/q5.py"]},
    ),
    "nbgrader": (
        "nbgrader",
        "course101",
        NBGRADER,
        {"jane": ["q6.ipynb"], "zoë": ["q6.ipynb"]},
    ),
}
WORDS = {
    "canvas": "a Canvas download",
    "moodle": "a Moodle download",
    "gradescope": "a Gradescope export",
    "classroom": "GitHub Classroom's clones",
    "nbgrader": "nbgrader's submissions",
}


@pytest.mark.parametrize("asked", ["auto", "by name"])
@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("case", EXPECTED)
def test_a_platforms_download_gives_everyone_their_files(
    tmp_path: Path, case: str, build: Build, asked: str
) -> None:
    layout, name, files, expected = EXPECTED[case]
    path = build(tmp_path, name, files)
    with collect([path], layout="auto" if asked == "auto" else layout) as found:
        assert learners(found) == expected
        assert found.layout.startswith(f"{path}: {WORDS[layout]}, ")
        assert all(not each.read()[0].problems for each in found.handed_in)


def test_every_layout_has_a_name_that_can_be_asked_for() -> None:
    assert set(LAYOUTS) == {"auto", *WORDS, "folders", "files"}

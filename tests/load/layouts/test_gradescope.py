"""Gradescope's metadata tells who handed in what, and cannot harm."""

from pathlib import Path

import pytest

from grader.handed_in import Learner
from grader.load.collect import CollectError, collect
from tests.load.downloads import (
    learners,
    one,
    taken,
    zipped,
)
from tests.load.layouts.examples import (
    GRADESCOPE,
    METADATA,
)


def test_gradescope_tells_who_when_and_which_attempt_counts(tmp_path: Path) -> None:
    with collect([zipped(tmp_path, "assignment_77_export", GRADESCOPE)]) as found:
        jane = one(found, "0300")
        assert jane.learner == Learner(
            id="0300", name="Jane Doe", email="jane@example.org", ids={"sis": "0300"}
        )
        assert jane.handed_in == "2024-02-05T19:40:51+00:00"
        assert (jane.attempt, jane.attempts) == (2, 3)
        zoe = one(found, "zoe@example.org")
        assert zoe.learner.ids == {}
        assert zoe.place == jane.place
        li = one(found, "0301")
        assert li.handed_in == "2024-02-05T10:00:00+00:00"
        assert (li.attempt, li.attempts) == (1, 1)


def test_what_gradescope_does_not_write_twice_is_what_it_stands_for(tmp_path: Path) -> None:
    metadata = METADATA.replace(":name: Jane Doe", ":name: &9 Jane Doe")
    metadata = metadata.replace(":name: Li Wei", ":name: *9")
    path = zipped(tmp_path, "export", {**GRADESCOPE, "submission_metadata.yml": metadata})
    with collect([path]) as found:
        assert one(found, "0301").learner.name == "Jane Doe"


def test_gradescope_submissions_without_files_are_told_of(tmp_path: Path) -> None:
    files = {**GRADESCOPE}
    del files["submission_102/q6.py"]
    path = zipped(tmp_path, "assignment_77_export", files)
    with collect([path]) as found:
        assert found.remarks == (
            f"{path}: submission_102: in submission_metadata.yml, but without a file.",
        )


BOMB = "a: &a [x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(20)
)
MERGES = "a: &a {x: 1}\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{', '.join([f'*{chr(97 + n)}'] * 9)}]}}\n"
    for n in range(20)
)


@pytest.mark.parametrize("bomb", [BOMB, MERGES], ids=["aliases", "merges"])
def test_gradescope_metadata_that_would_unfold_to_millions_costs_nothing(
    tmp_path: Path, bomb: str
) -> None:
    files = {**GRADESCOPE, "submission_metadata.yml": METADATA + bomb}
    assert taken(zipped(tmp_path, "assignment_77_export", files)).keys() == {
        "0300",
        "0301",
        "zoe@example.org",
    }


@pytest.mark.parametrize(
    ("metadata", "why"),
    [
        ("submission_101: [", "it is no YAML"),
        ("submission_101: " + "[" * 100_000, "it is nested too deeply"),
        ("submission_101:\n  :submitters: " + "[" * 100_000, "it is nested too deeply"),
        ("? [a, b]\n: c\n", "a key of it is no word"),
    ],
    ids=["broken", "deep", "deep where it counts", "odd"],
)
def test_gradescope_metadata_that_cannot_be_read_loses_nobody(
    tmp_path: Path, metadata: str, why: str
) -> None:
    files = {**GRADESCOPE, "submission_metadata.yml": metadata}
    path = zipped(tmp_path, "assignment_77_export", files)
    with collect([path]) as found:
        assert learners(found).keys() == {"submission_101", "submission_102"}
        assert found.remarks == (
            (
                f"{path}: submission_metadata.yml cannot be read ({why}): learners go by the "
                "numbers of their submissions."
            ),
        )


def test_gradescope_learners_whose_ids_are_one_are_not_taken_for_one(tmp_path: Path) -> None:
    metadata = METADATA.replace("'0301'", "'0300'")
    path = zipped(tmp_path, "export", {**GRADESCOPE, "submission_metadata.yml": metadata})
    with pytest.raises(CollectError, match=r"jane@.* and li@.*, have one id, 0300"):
        collect([path])


def test_two_submissions_of_one_learner_in_gradescope_are_not_mixed(tmp_path: Path) -> None:
    metadata = METADATA.replace("'0301'", "'0300'").replace("li@example.org", "jane@example.org")
    metadata = metadata.replace("Li Wei", "Jane Doe")
    path = zipped(tmp_path, "export", {**GRADESCOPE, "submission_metadata.yml": metadata})
    assert taken(path)["0300"] == ["data/numbers.txt", "q6.py"]
    with collect([path]) as found:
        jane = one(found, "0300")
        assert jane.place == f"{path}/submission_101"

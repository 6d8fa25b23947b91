"""What was sorted by hand is a class, or one learner's own folder; what fits nothing is told."""

from pathlib import Path

import pytest

from grader.load.collect import CollectError, collect
from tests.load.downloads import (
    BUILDS,
    Q6,
    Build,
    Files,
    folder,
    learners,
    taken,
    zip_bytes,
    zipped,
)
from tests.load.layouts.examples import (
    CANVAS,
)


@pytest.mark.parametrize("build", BUILDS)
def test_one_folder_a_learner(tmp_path: Path, build: Build) -> None:
    files = {"Doe, Jane/q6.py": Q6, "Doe, Jane/src/q5.py": Q6, "bob/x/q6.py": Q6}
    assert taken(build(tmp_path, "class", files)) == {
        "Doe, Jane": ["q6.py", "src/q5.py"],
        "bob": ["q6.py"],
    }


@pytest.mark.parametrize("build", BUILDS)
def test_one_file_a_learner_or_one_for_each_answer(tmp_path: Path, build: Build) -> None:
    files: Files = {
        "alice_q3.py": Q6,
        "alice_Q6.py": Q6,
        "bob.ipynb": "{}",
        "carol.zip": zip_bytes({"q6.py": Q6}),
        "q6-dave.py": Q6,
        "10000042.py": Q6,
    }
    assert taken(build(tmp_path, "class", files)) == {
        "alice": ["q3.py", "q6.py"],
        "bob": ["bob.ipynb"],
        "carol": ["q6.py"],
        "dave": ["q6.py"],
        "10000042": ["10000042.py"],
    }


@pytest.mark.parametrize(
    "word", ["assignment", "Homework2", "hw", "lab6", "final solution", "multiprocessing_notebook"]
)
@pytest.mark.parametrize("beside", ["bob_q6.py", "alice.py"])
def test_a_word_for_what_it_is_is_no_part_of_a_name_where_other_files_show_that(
    tmp_path: Path, beside: str, word: str
) -> None:
    path = folder(tmp_path, "class", {f"alice_{word}.ipynb": "{}", beside: Q6, "carol.py": Q6})
    for layout in ("auto", "files"):
        found = taken(path, layout=layout)
        assert f"{word}.ipynb" in found["alice"]
        assert sorted({*found, "bob"}) == ["alice", "bob", "carol"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["alice_assignment.ipynb", "bob.py"], ["alice_assignment", "bob"]),
        (["Kim Lab.py", "Jo Roe.py"], ["Jo Roe", "Kim Lab"]),
        (["alice_q6.py", "bob_primes.py"], ["alice", "bob_primes"]),
        (["alice_q6.py", "boblab.py"], ["alice", "boblab"]),
        (["q6_alice.py", "bob_lab.py"], ["alice", "bob_lab"]),
    ],
    ids=["none shows it", "names", "another word", "no separator", "in front of the names"],
)
def test_a_word_may_be_a_part_of_a_name(
    tmp_path: Path, files: list[str], expected: list[str]
) -> None:
    assert sorted(taken(folder(tmp_path, "class", dict.fromkeys(files, Q6)))) == expected


def test_folders_and_files_side_by_side_are_both_learners(tmp_path: Path) -> None:
    path = folder(
        tmp_path, "class", {"alice/q6.py": Q6, "bob.py": Q6, "q6.py": Q6, "README.md": "read"}
    )
    with collect([path]) as found:
        assert learners(found) == {"alice": ["q6.py"], "bob": ["bob.py"]}
        assert found.layout == (
            f"{path}: one folder a learner and one file a learner, 2 files of 2 learners; "
            "2 files beside that."
        )
        assert found.remarks == (f"{path}: of no learner: README.md, q6.py.",)


@pytest.mark.parametrize(
    "files",
    [
        {"q3.py": Q6, "q5.py": Q6, "q6.py": Q6},
        {"Question 6.py": Q6, "solution_v2.ipynb": "{}"},
        {"q6.py": Q6, "primes.py": Q6},
        {"q6.py": Q6, "data/numbers.csv": "1"},
        {"assignment.ipynb": "{}"},
    ],
    ids=["questions", "other words", "a helper", "data", "a notebook"],
)
@pytest.mark.parametrize("build", BUILDS)
def test_files_named_after_questions_are_the_one_learners_whose_folder_it_is(
    tmp_path: Path, build: Build, files: Files
) -> None:
    path = build(tmp_path, "Jane Doe", files)
    assert taken(path) == {"Jane Doe": sorted(files)}


def test_a_class_of_one_is_the_learner_whose_folder_it_has(tmp_path: Path) -> None:
    assert taken(folder(tmp_path, "class", {"alice/q6.py": Q6, "alice/q3.py": Q6})) == {
        "alice": ["q3.py", "q6.py"]
    }


def test_an_asked_for_layout_is_taken_at_its_word(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"q6.py": Q6, "alice/q6.py": Q6})
    assert taken(path, layout="files") == {"q6": ["q6.py"]}
    assert taken(path, layout="folders") == {"alice": ["q6.py"]}


def test_a_layout_that_nothing_fits_is_refused_with_an_example(tmp_path: Path) -> None:
    path = folder(tmp_path, "class", {"alice/q6.py": Q6})
    with pytest.raises(CollectError) as caught:
        collect([path], layout="canvas")
    assert str(caught.value) == (
        f"{path}: nothing in it is named as --layout canvas has it (doejane_4711_9901_q6.py); "
        "it has q6.py."
    )


def test_a_few_names_of_a_platform_do_not_decide_for_it_but_are_told_of(tmp_path: Path) -> None:
    files = {f"{name}.py": Q6 for name in ("alice", "bob", "carol")}
    path = folder(tmp_path, "class", {**files, "doejane_4711_9901_q6.py": Q6})
    with collect([path]) as found:
        assert len(found.handed_in) == 4
        assert found.remarks == (
            (
                f"{path}: 1 of the files have names as in a Canvas download, the others have not: "
                "if that is what it is, say --layout canvas."
            ),
        )


def test_what_does_not_fit_a_platforms_download_is_told_of(tmp_path: Path) -> None:
    path = zipped(tmp_path, "submissions", {**CANVAS, "notes.txt": "", "more/x.py": ""})
    with collect([path]) as found:
        assert len(found.handed_in) == 4
        assert found.layout == (
            f"{path}: a Canvas download, 5 files of 4 learners; 2 files beside that."
        )
        assert found.remarks == (f"{path}: of no learner: notes.txt, more/x.py.",)

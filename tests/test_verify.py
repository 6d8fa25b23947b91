"""`grade verify` finds whatever does not hold, and says where, what and how to mend it.

Looking costs seconds, so a few checkouts each break several rules at once.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import structs

from grader import verify as verifying
from grader.checks import exercise, exercise_ids
from grader.checks.base import Exercise
from grader.skeleton import write_skeletons
from grader.verify import verify
from grader.zoo import FOLDER
from tests.conftest import ROOT

ZOO = FOLDER.as_posix()

GOOD = {
    id_: (ROOT / "solutions" / f"{id_}.py").read_text(encoding="utf-8") for id_ in ("q3", "q5")
}

UNGUARDED = '''"""Works where children are forked, and nowhere else."""
### BEGIN SOLUTION
from multiprocessing import Process
processes = [Process(target=print, args=(number,)) for number in range(4)]
for process in processes:
    process.start()
for process in processes:
    process.join()
### END SOLUTION
'''

OTHER_WORDS = "# fails: four_processes\n# says: a pool\n"

UNMARKED = GOOD["q3"].replace("### BEGIN SOLUTION", "#").replace("### END SOLUTION", "#")


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _by_file(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Verify a checkout: the rules broken and their remedies by the path from the root."""
    found: dict[str, list[tuple[str, str]]] = {}
    for violation in verify(root).violations:
        file = Path(violation.file)
        name = (file.relative_to(root) if file.is_absolute() else file).as_posix()
        found.setdefault(name, []).append((violation.rule, violation.remedy))
    return found


# -- the repository ------------------------------------------------------------------------


@pytest.mark.timeout(600)
def test_all_rules_hold_in_this_repository() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader", "verify", str(ROOT)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("All rules hold: 3 exercises, "), done.stdout + done.stderr
    assert (done.returncode, done.stderr) == (0, "")


# -- solutions, exercises and the zoo ------------------------------------------------------


Found = dict[str, list[tuple[str, str]]]


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is found in a checkout in which much is wrong."""
    root = tmp_path_factory.mktemp("broken")
    _write(
        root,
        {
            "solutions/q3.py": UNMARKED,
            "solutions/q5.py": GOOD["q5"],
            "solutions/q6.py": UNGUARDED,
        },
    )
    write_skeletons(root / "solutions", root / "exercises")
    _write(
        root,
        {
            "exercises/q5.py": "# An older one.\n",
            "exercises/q7.py": "",
            "exercises/__pycache__/q3.pyc": "",
            "solutions/notes.md": "",
            "solutions/__pycache__/q3.pyc": "",
            f"{ZOO}/q6/right/fails.py": "raise SystemExit(3)\n",
            f"{ZOO}/q6/right/passes.py": UNGUARDED,
            f"{ZOO}/q6/wrong/fails.py": "# fails: ran_clean\n# says: 3\nexit(3)\n",
            f"{ZOO}/q6/wrong/passes.py": f"# fails: joined\n{UNGUARDED}",
            f"{ZOO}/q6/wrong/other_words.py": f"{OTHER_WORDS}print(4)\n",
            f"{ZOO}/q6/wrong/no_header.py": "pass\n",
        },
    )
    return _by_file(root)


MISJUDGED = "mend the check, or the program's header"

EXPECTED = {
    "solutions/notes.md": (
        "nothing stray lies among the solutions",
        "remove it, or add grader/checks/notes.md",
    ),
    "exercises/q3.py": (
        "an untouched skeleton is absent, this one passed",
        "leave nothing in it that does something",
    ),
    "exercises/q3.ipynb": (
        "an untouched skeleton is absent, this one passed",
        "leave nothing in it that does something",
    ),
    "exercises/assignment.ipynb": (
        "an untouched skeleton is absent, this one passed",
        "leave nothing in it that does something",
    ),
    "exercises/q5.py": ("an exercise is what is made from its solution", "run: grade handout"),
    "exercises/q7.py": ("nothing stray lies among the exercises", "remove it"),
    f"{ZOO}/q6/right/fails.py": (
        "is right, but failed: ran_clean: The program ended with exit code 3.",
        MISJUDGED,
    ),
    f"{ZOO}/q6/wrong/passes.py": (
        "must fail joined, which came out passed: The program waited for all 4 processes",
        MISJUDGED,
    ),
    f"{ZOO}/q6/wrong/other_words.py": (
        "the message of four_processes must say 'a pool', but is: 4 processes are wanted",
        MISJUDGED,
    ),
    f"{ZOO}/q6/wrong/no_header.py": ("must fail '', which is no check of q6", MISJUDGED),
}


@pytest.mark.parametrize("file", EXPECTED)
def test_a_broken_rule_is_found_with_its_file_and_remedy(broken: Found, file: str) -> None:
    expected, remedy = EXPECTED[file]
    ((rule, remedy_given),) = broken[file]
    assert rule.startswith(expected)
    assert remedy_given == remedy


@pytest.mark.skipif(sys.platform == "win32", reason="nothing forks there")
def test_a_solution_that_passes_under_one_start_method_only_is_found_for_each_other(
    broken: Found,
) -> None:
    rules = [rule for rule, _remedy in broken["solutions/q6.py"]]
    assert [rule.partition(":")[0] for rule in rules] == [
        "a solution gets full marks under spawn",
        "a solution gets full marks under forkserver",
    ]
    assert all("__main__" in rule for rule in rules)
    assert {remedy for _rule, remedy in broken["solutions/q6.py"]} == {"mend the solution"}


def test_a_check_that_no_wrong_program_fails_is_found(broken: Found) -> None:
    shown = {"ran_clean", "joined", "four_processes"}
    for id_ in exercise_ids():
        missing = {c.id for c in exercise(id_).checks} - (shown if id_ == "q6" else set())
        assert sorted(broken[f"{ZOO}/{id_}/wrong"]) == sorted(
            (
                f"no wrong program shows that {check} can fail",
                f"add one that begins with `# fails: {check}`",
            )
            for check in missing
        )


def test_what_holds_is_not_complained_about(broken: Found) -> None:
    zoo = {f"{ZOO}/{id_}/wrong" for id_ in exercise_ids()}
    assert set(broken) == {*EXPECTED, "solutions/q6.py", *zoo}


def test_a_missing_solution_and_a_broken_marker_are_found(tmp_path: Path) -> None:
    _write(tmp_path, {"solutions/q3.py": "pass\n### BEGIN SOLUTION\n"})
    found = _by_file(tmp_path)
    for name in ("solutions/q5.py", "solutions/q6.py"):
        assert found[name] == [("every exercise has a solution", "write the solution")]
    ((rule, remedy),) = found["solutions"]
    assert rule == f"{tmp_path / 'solutions/q3.py'}: line 2: a BEGIN SOLUTION without its END"
    assert remedy == "pair the solution markers"


def test_a_missing_exercise_is_found(tmp_path: Path) -> None:
    _write(tmp_path, {"solutions/q3.py": GOOD["q3"]})
    rule = ("an exercise is what is made from its solution", "run: grade handout")
    assert _by_file(tmp_path)["exercises/q3.py"] == [rule]


def test_the_command_prints_each_violation_and_exits_with_1(tmp_path: Path) -> None:
    _write(tmp_path, {"solutions/q7.py": ""})
    done = subprocess.run(
        [sys.executable, "-m", "grader", "verify", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    stray = tmp_path / "solutions" / "q7.py"
    assert f"{stray}: nothing stray lies among the solutions\n    remove it" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("violations: 3 exercises, 0 programs graded.")
    assert (done.returncode, done.stderr) == (1, "")


# -- the exercises' definitions ------------------------------------------------------------


def _definitions(monkeypatch: pytest.MonkeyPatch, root: Path, asked: Exercise) -> Found:
    monkeypatch.setattr(verifying, "exercise_ids", lambda: (asked.id,))
    monkeypatch.setattr(verifying, "exercise", lambda _id: asked)
    found = _by_file(root)
    return {file: broken for file, broken in found.items() if file.startswith("grader/")}


def test_the_definitions_of_the_kit_hold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for id_ in exercise_ids():
        assert _definitions(monkeypatch, tmp_path, exercise(id_)) == {}


def test_an_exercise_of_other_than_10_points_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, *rest = exercise("q6").checks
    asked = structs.replace(
        exercise("q6"), checks=(structs.replace(first, points=first.points + 1), *rest)
    )
    assert _definitions(monkeypatch, tmp_path, asked) == {
        "grader/checks/q6.py": [
            ("an exercise has 10 points, this one 11", "change the points of its checks")
        ]
    }


@pytest.mark.parametrize("hints", [(), ("A nudge", " ")])
def test_a_check_without_a_hint_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hints: tuple[str, ...]
) -> None:
    first, *rest = exercise("q6").checks
    asked = structs.replace(exercise("q6"), checks=(structs.replace(first, hints=hints), *rest))
    assert _definitions(monkeypatch, tmp_path, asked) == {
        "grader/checks/q6.py": [("ran_clean has no hint", "give it hints, a nudge first")]
    }


def test_a_check_that_needs_a_later_one_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first, *rest = exercise("q6").checks
    asked = structs.replace(
        exercise("q6"), checks=(structs.replace(first, needs=("joined",)), *rest)
    )
    assert _definitions(monkeypatch, tmp_path, asked) == {
        "grader/checks/q6.py": [
            ("ran_clean needs joined, which does not come before it", "reorder them")
        ]
    }

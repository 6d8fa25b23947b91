"""The checks as pytest items, in pytest as a user of the kit runs it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest

from grader.checks import exercise, exercise_ids
from grader.trace import Limits
from tests.conftest import ROOT

WAITS = """
    from multiprocessing import Process
    if __name__ == "__main__":
        process = Process(target=print)
        process.start()
        process.join()
    """

DOES_NOT_WAIT = WAITS.replace("process.join()", "pass")

STARTS_NOTHING = "print('nothing')"


class Result:
    """What a run of pytest said, and its exit code."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    @property
    def outcomes(self) -> dict[str, str]:
        """The outcome of each item, from the lines of -v, with or without xdist."""
        return {
            first or second: (outcome or other).lower()
            for first, outcome, other, second in re.findall(
                r"^(?:(\S+::\S+) ([A-Z]+)\b.*|\[gw\d\] \[ *\d+%\] ([A-Z]+) (\S+) *)$",
                self.out,
                re.MULTILINE,
            )
        }


Pytest = Callable[..., Result]


@pytest.fixture
def run_pytest(tmp_path: Path) -> Pytest:
    """Writes files, runs `python -m pytest` beside them, and gives what came of it."""

    def run_it(
        *arguments: str,
        files: dict[str, str] | None = None,
        cwd: Path = tmp_path,
        **environment: str,
    ) -> Result:
        for name, source in (files or {}).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(source), encoding="utf-8")
        outer = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}
        command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", *arguments]
        return Result(
            subprocess.run(
                command,
                cwd=cwd,
                env={**outer, "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1", **environment},
                capture_output=True,
                text=True,
                encoding="utf-8",
                check=False,
            )
        )

    return run_it


# -- what is collected ---------------------------------------------------------------------


def _ids(folder: str, *ids: str) -> list[str]:
    return [
        f"{folder}/{id_}.py::{id_}::{check.id}" for id_ in ids for check in exercise(id_).checks
    ]


def test_each_check_of_the_solutions_is_an_item_and_passes() -> None:
    done = subprocess.run(
        [
            sys.executable,
            *["-m", "pytest", "-v", "-p", "no:cacheprovider", "--submissions", "solutions"],
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    result = Result(done)
    assert result.outcomes == dict.fromkeys(_ids("solutions", *exercise_ids()), "passed")
    assert "solutions/q6.py::q6::distinct_pids" in result.outcomes
    assert result.code == 0


def test_items_are_collected_without_running_anything(run_pytest: Pytest, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    source = f"open({str(ran)!r}, 'w').close()"
    result = run_pytest(
        *("--submissions", "handed_in", "--collect-only", "-qq"),
        files={"handed_in/q3.py": source, "handed_in/q6.py": source},
    )
    assert result.code == 0
    assert re.findall(r"^\S+::\S+$", result.out, re.MULTILINE) == _ids("handed_in", "q3", "q6")
    assert not ran.exists()


def test_folders_below_are_collected_and_other_files_are_not(run_pytest: Pytest) -> None:
    others = ("q9.py", "test_it.py", "q3.txt", ".git/q3.py", "__pycache__/q3.py", "notes.py")
    result = run_pytest(
        *("--submissions", "class", "--collect-only", "-qq"),
        files={
            **{f"class/{name}": STARTS_NOTHING for name in others},
            "class/ada/q3.py": STARTS_NOTHING,
            "class/bob/week 1/q3.py": STARTS_NOTHING,
        },
    )
    found = re.findall(r"^.+::\S+$", result.out, re.MULTILINE)
    assert found == _ids("class/ada", "q3") + _ids("class/bob/week 1", "q3")


def test_the_folder_may_be_named_from_the_root(run_pytest: Pytest, tmp_path: Path) -> None:
    result = run_pytest(
        *("--submissions", str(tmp_path / "handed_in"), "--collect-only", "-qq"),
        files={"handed_in/q3.py": STARTS_NOTHING},
    )
    assert re.findall(r"^\S+::\S+$", result.out, re.MULTILINE) == _ids("handed_in", "q3")


def test_with_the_option_nothing_else_is_collected(run_pytest: Pytest) -> None:
    files = {
        "handed_in/q3.py": WAITS,
        "tests/test_other.py": "def test_it(): assert False\n",
        "pytest.ini": "[pytest]\ntestpaths = tests\n",
    }
    result = run_pytest("--submissions", "handed_in", files=files)
    assert result.outcomes == dict.fromkeys(_ids("handed_in", "q3"), "passed")


def test_tests_that_are_named_are_collected_too(run_pytest: Pytest) -> None:
    files = {"handed_in/q3.py": WAITS, "tests/test_other.py": "def test_it(): pass\n"}
    result = run_pytest("--submissions", "handed_in", "tests", files=files)
    expected = ["tests/test_other.py::test_it", *_ids("handed_in", "q3")]
    assert result.outcomes == dict.fromkeys(expected, "passed")


def test_without_the_option_answers_are_nothing_to_pytest(run_pytest: Pytest) -> None:
    files = {"q3.py": "raise SystemExit\n", "test_other.py": "def test_it(): pass\n"}
    result = run_pytest(files=files)
    assert result.outcomes == {"test_other.py::test_it": "passed"}


def test_without_the_option_nothing_of_the_kit_is_imported_but_the_plugin(
    run_pytest: Pytest,
) -> None:
    source = """
        import sys
        def test_it():
            ours = {name for name in sys.modules if name.startswith("grader")}
            assert ours == {"grader", "grader.pytest_plugin"}
            assert not {"msgspec", "click", "rich", "psutil"} & set(sys.modules)
        """
    assert run_pytest(files={"test_it.py": source}).outcomes == {"test_it.py::test_it": "passed"}


# -- what comes out ------------------------------------------------------------------------


def test_a_check_that_fails_shows_its_message_and_hint_and_no_code(run_pytest: Pytest) -> None:
    result = run_pytest("--submissions", "handed_in", files={"handed_in/q3.py": DOES_NOT_WAIT})
    assert result.outcomes == {
        "handed_in/q3.py::q3::ran_clean": "passed",
        "handed_in/q3.py::q3::process_started": "passed",
        "handed_in/q3.py::q3::work_in_child": "passed",
        "handed_in/q3.py::q3::joined": "failed",
    }
    assert result.code == 1
    (failure,) = re.findall(r"^=+ FAILURES =+\n(.*?)^=+ short", result.out, re.M | re.S)
    heading, message, hint, *rest = failure.splitlines()
    assert heading.strip("_ ") == "q3: joined"
    assert re.fullmatch(
        r"The program waits for every process that it started: The program never waited for "
        r"Process-1 \(PID \d+\) to end: .*",
        message,
    )
    assert hint == "Hint: After start(), who waits until the process has done its work?"
    assert rest == []


def test_a_check_whose_dependency_failed_is_skipped_and_says_why(run_pytest: Pytest) -> None:
    result = run_pytest(
        "--submissions", "handed_in", "-rs", files={"handed_in/q3.py": STARTS_NOTHING}
    )
    assert result.outcomes == {
        "handed_in/q3.py::q3::ran_clean": "passed",
        "handed_in/q3.py::q3::process_started": "failed",
        "handed_in/q3.py::q3::work_in_child": "skipped",
        "handed_in/q3.py::q3::joined": "skipped",
    }
    assert "Looked at once process_started holds." in result.out


def test_an_absent_answer_fails_and_says_so(run_pytest: Pytest) -> None:
    result = run_pytest("--submissions", "handed_in", files={"handed_in/q3.py": "# TODO\n"})
    assert set(result.outcomes.values()) == {"failed"}
    assert re.search(r"^absent: .*q3\.py has no code of yours yet", result.out, re.MULTILINE)


def test_the_limit_of_pytest_timeout_comes_well_after_the_runners_own(run_pytest: Pytest) -> None:
    shown = """
        def pytest_collection_modifyitems(items):
            for item in items:
                print("limit", *item.get_closest_marker("timeout").args)
        """
    result = run_pytest(
        *("--submissions", "handed_in", "--collect-only", "--timeout", "1", "-s"),
        files={"handed_in/q3.py": STARTS_NOTHING, "conftest.py": shown},
    )
    limits = [float(limit) for limit in re.findall(r"limit (\S+)", result.out)]
    assert len(limits) == 4
    assert min(limits) >= Limits().wall_time + 30


def test_a_program_is_run_once_for_all_its_checks(run_pytest: Pytest, tmp_path: Path) -> None:
    source = "open('runs', 'a').write('ran\\n')\n" + dedent(WAITS)
    files = {"handed_in/q3.py": source}
    # Where there is no bubblewrap, it runs in its own folder, and can leave something there.
    result = run_pytest("--submissions", "handed_in", files=files, PATH=str(tmp_path))
    assert len(result.outcomes) == 4
    assert (tmp_path / "handed_in" / "runs").read_text() == "ran\n"


# -- nothing of a learner's folder is imported ---------------------------------------------

TRAPS = ("conftest.py", "__init__.py", "test_it.py", "sitecustomize.py", "msgspec.py", "grader.py")


def _traps(folder: str, mark: Path) -> dict[str, str]:
    return {
        f"{folder}/{name}": f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
        for name in TRAPS
    }


@pytest.mark.parametrize("options", [(), ("-n", "2"), ("--import-mode=importlib",)], ids=str)
def test_no_file_of_the_folder_is_imported(
    run_pytest: Pytest, tmp_path: Path, options: tuple[str, ...]
) -> None:
    mark = tmp_path / "imported"
    result = run_pytest(
        *("--submissions", "handed_in", *options),
        files={
            **_traps("handed_in", mark),
            **_traps("handed_in/ada", mark),
            # These two run in folders of their own, where no trap is in the way.
            "handed_in/here/q3.py": WAITS,
            "handed_in/ada/there/q3.py": WAITS,
        },
    )
    expected = _ids("handed_in/ada/there", "q3") + _ids("handed_in/here", "q3")
    assert result.outcomes == dict.fromkeys(expected, "passed")
    assert not mark.exists()


CONFIGURATIONS = {
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = ['--collect-only']\n",
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
}


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_pytests_configuration_in_the_folder_is_not_obeyed(run_pytest: Pytest, name: str) -> None:
    files = {"handed_in/q3.py": WAITS, f"handed_in/{name}": CONFIGURATIONS[name]}
    result = run_pytest("--submissions=handed_in", files=files)
    assert result.outcomes == dict.fromkeys(_ids("handed_in", "q3"), "passed")


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_pytests_configuration_in_the_folder_is_refused_where_pytest_has_found_it(
    run_pytest: Pytest, name: str
) -> None:
    """pytest takes the folder for one of its own arguments before the option is known."""
    files = {"handed_in/q3.py": WAITS, f"handed_in/{name}": CONFIGURATIONS[name]}
    result = run_pytest("--submissions", "handed_in", files=files)
    assert result.code == pytest.ExitCode.USAGE_ERROR
    assert f"handed_in/{name}" in result.err
    assert "--submissions=handed_in" in result.err


@pytest.mark.parametrize(
    "place", ["handed_in", "handed_in/", "./handed_in/ada", "handed_in/q3.py"]
)
def test_a_path_into_the_folder_is_refused_before_a_conftest_there_is_imported(
    run_pytest: Pytest, tmp_path: Path, place: str
) -> None:
    mark = tmp_path / "imported"
    trap = f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
    files = {
        "handed_in/q3.py": WAITS,
        "handed_in/conftest.py": trap,
        "handed_in/ada/conftest.py": trap,
    }
    result = run_pytest("--submissions", "handed_in", place, files=files)
    assert result.code == pytest.ExitCode.USAGE_ERROR
    assert f"{place} is among the submissions already: choose checks with -k" in result.err
    assert "Traceback" not in result.err
    assert not mark.exists()


@pytest.mark.parametrize(
    ("cwd", "option"),
    [(".", "--submissions=tests_in"), ("tests_in", "--submissions=."), (".", "--submissions=.")],
    ids=str,
)
@pytest.mark.parametrize("noconftest", [False, True])
def test_a_conftest_of_the_folder_is_not_imported_where_pytest_looks_for_one_anyway(
    run_pytest: Pytest, tmp_path: Path, cwd: str, option: str, noconftest: bool
) -> None:
    """It does so in the current folder, and in each folder test* of it."""
    mark = tmp_path / "imported"
    trap = f"import pathlib; pathlib.Path({str(mark)!r}).touch()\n"
    files = {f"{cwd}/q3.py": WAITS, "tests_in/q3.py": WAITS, "tests_in/conftest.py": trap}
    result = run_pytest(option, *["--noconftest"] * noconftest, files=files, cwd=tmp_path / cwd)
    assert not mark.exists()
    if noconftest:
        assert result.code == pytest.ExitCode.OK
    else:
        assert result.code == pytest.ExitCode.USAGE_ERROR
        (line,) = result.err.strip().splitlines()
        assert line.endswith("which is among the submissions: add --noconftest")


# -- what pytest gives for free ------------------------------------------------------------

BOTH = {"handed_in/q3.py": STARTS_NOTHING, "handed_in/q6.py": STARTS_NOTHING}


def test_checks_are_chosen_by_name(run_pytest: Pytest) -> None:
    result = run_pytest("--submissions", "handed_in", "-k", "q6 and ran_clean", files=BOTH)
    assert result.outcomes == {"handed_in/q6.py::q6::ran_clean": "passed"}
    assert result.code == 0


def test_x_stops_at_the_first_failure(run_pytest: Pytest) -> None:
    result = run_pytest("--submissions", "handed_in", "-x", files=BOTH)
    assert result.outcomes == {
        "handed_in/q3.py::q3::ran_clean": "passed",
        "handed_in/q3.py::q3::process_started": "failed",
    }


def test_junit_xml_has_a_test_case_for_each_check(run_pytest: Pytest, tmp_path: Path) -> None:
    run_pytest("--submissions", "handed_in", "--junitxml=out.xml", files=BOTH)
    suite = ElementTree.parse(tmp_path / "out.xml").getroot()[0]
    counts = {name: suite.get(name) for name in ("tests", "failures", "skipped", "errors")}
    assert counts == {"tests": "9", "failures": "2", "skipped": "5", "errors": "0"}
    cases = {f"{case.get('classname')}.{case.get('name')}": case for case in suite}
    assert set(cases) == {
        f"handed_in.{id_}.py.{id_}.{check.id}".replace(f"{id_}.py", id_)
        for id_ in ("q3", "q6")
        for check in exercise(id_).checks
    }


def test_xdist_shares_the_checks_out(run_pytest: Pytest) -> None:
    result = run_pytest(
        *("--submissions", "handed_in", "-n", "2"),
        files={"handed_in/q3.py": WAITS, "handed_in/ada/q3.py": DOES_NOT_WAIT},
    )
    joined = {f"handed_in/{name}q3.py::q3::joined" for name in ("", "ada/")}
    assert {name for name in result.outcomes if name.endswith("joined")} == joined
    failed = {name for name, outcome in result.outcomes.items() if outcome == "failed"}
    assert failed == {"handed_in/ada/q3.py::q3::joined"}
    assert len(result.outcomes) == 8


# -- folders that would hurt ---------------------------------------------------------------


def _collected(result: Result) -> list[str]:
    return re.findall(r"^.+::\S+$", result.out, re.MULTILINE)


def test_links_to_folders_are_not_followed_in_circles(run_pytest: Pytest, tmp_path: Path) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    for name in ("one", "two"):
        (tmp_path / "class" / "ada" / name).symlink_to(tmp_path / "class", True)
    result = run_pytest(
        *("--submissions=class", "--collect-only", "-qq"), files={"class/ada/q3.py": WAITS}
    )
    assert _collected(result) == _ids("class/ada", "q3")


def test_folders_without_end_cost_only_themselves(run_pytest: Pytest, tmp_path: Path) -> None:
    deep = "class/bob" + "/d" * 500
    (tmp_path / deep).mkdir(parents=True)
    files = {f"{deep}/q3.py": WAITS, "class/ada/q3.py": WAITS}
    result = run_pytest("--submissions=class", "--continue-on-collection-errors", files=files)
    assert result.outcomes == dict.fromkeys(_ids("class/ada", "q3"), "passed")
    assert "is nested too deeply to be looked into" in result.out
    assert "Traceback" not in result.out + result.err


def test_a_class_of_ten_thousand_is_collected(run_pytest: Pytest, tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / "class" / f"{number}").mkdir(parents=True)
        (tmp_path / "class" / f"{number}.txt").touch()
    result = run_pytest(
        *("--submissions=class", "--collect-only", "-qq"), files={"class/ada/q3.py": WAITS}
    )
    assert _collected(result) == _ids("class/ada", "q3")


@pytest.mark.parametrize("name", ["a::b", "a[1]", "a::b[x]", "::error::[c", "-x", "a b", "'\"`$"])
def test_no_name_of_a_folder_is_in_the_way_of_the_others(run_pytest: Pytest, name: str) -> None:
    files = {f"class/{name}/q3.py": WAITS, "class/z/q3.py": WAITS}
    result = run_pytest("--submissions=class", "-rA", files=files)
    assert "8 passed" in result.out
    assert result.code == 0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_what_is_no_file_fails_in_one_line_and_holds_nothing_up(
    run_pytest: Pytest, tmp_path: Path
) -> None:
    for name in ("ada", "bob", "eve", "sue"):
        (tmp_path / "class" / name).mkdir(parents=True)
    os.mkfifo(tmp_path / "class" / "ada" / "q3.py")
    (tmp_path / "class" / "bob" / "q3.py").symlink_to("/dev/zero")
    (tmp_path / "class" / "eve" / "q3.py").symlink_to("q3.py")
    with (tmp_path / "class" / "sue" / "q3.py").open("wb") as whole:
        whole.truncate(200 << 20)
    result = run_pytest("--submissions=class")
    assert set(result.outcomes.values()) == {"failed"}
    assert len(result.outcomes) == 16
    assert len(re.findall(r"^error: .*q3\.py is no file with an end", result.out, re.M)) == 8
    assert len(re.findall(r"^error: .*q3\.py cannot be read", result.out, re.M)) == 4
    assert len(re.findall(r"^absent: .*q3\.py is larger than 256 KiB", result.out, re.M)) == 4


# -- used wrongly --------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["nowhere", "q3.py"])
def test_what_is_no_folder_is_a_usage_error_in_one_line(run_pytest: Pytest, place: str) -> None:
    result = run_pytest("--submissions", place, files={"q3.py": WAITS})
    assert result.code == pytest.ExitCode.USAGE_ERROR
    (line,) = result.err.strip().splitlines()
    assert line.startswith("ERROR: --submissions ")
    assert line.endswith(f"{place}: there is no such folder")


def test_a_folder_without_answers_collects_nothing(run_pytest: Pytest, tmp_path: Path) -> None:
    (tmp_path / "handed_in").mkdir()
    result = run_pytest("--submissions", "handed_in")
    assert result.code == pytest.ExitCode.NO_TESTS_COLLECTED

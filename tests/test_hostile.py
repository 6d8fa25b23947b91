"""Programs that attack the grader get the finding that they deserve, and hurt nobody.

See tests/hostile/ for how they are graded, and tests/submissions/hostile/ for what they do.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader.run.telling import is_telling, shadows
from tests.conftest import STARTS_WARM, needs_warm
from tests.hostile import arena
from tests.hostile.expected import (
    FOLDER,
    NAMES,
    Sandbox,
    differences,
    expected,
    handed_in,
)
from tests.hostile.made import MADE

pytestmark = pytest.mark.skipif(bool(arena.why_not()), reason=arena.why_not())

NOBODY = "nobody"
IS_ROOT = os.getuid() == 0


@cache
def _why_no_sandbox() -> str:
    """Why the sandbox cannot be used here, "" if it can."""
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    tried = subprocess.run(
        ["bwrap", "--ro-bind", "/", "/", "--unshare-user", "--unshare-net", "true"],
        capture_output=True,
        text=True,
        check=False,
    )
    return tried.stderr.strip()


def _cases() -> Iterator[Any]:
    """Each in the sandbox, and those without it that it makes a difference for: all, where
    there is no sandbox.
    """
    for name in NAMES:
        wanted = expected(name, "require", by_root=IS_ROOT)
        yield pytest.param(name, "require", id=f"{name}-require")
        if not wanted.sandbox_only and (wanted.both or _why_no_sandbox()):
            yield pytest.param(name, "off", id=f"{name}-off")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Path]:
    """The only folder that both gradings share, and nobody else uses."""
    (tmp_path / "home" / "work").mkdir(parents=True)
    (tmp_path / "home" / "secret.txt").write_text(arena.TOKEN, encoding="ascii")
    yield tmp_path
    # Some hand in folders too deep for pytest's own cleaning up.
    subprocess.run(["rm", "-rf", str(tmp_path)], check=True)


def _listed(folder: Path) -> set[tuple[str, tuple[int, ...]]]:
    """All that lies in a folder, with what would change if somebody wrote to it."""
    found: set[tuple[str, tuple[int, ...]]] = set()
    pending = [str(folder)]
    while pending:
        with os.scandir(pending.pop()) as entries:
            for entry in entries:
                state = entry.stat(follow_symlinks=False)
                facts = (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ino)
                found.add((entry.path, facts))
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
    return found


def _may_begin_warm(name: str) -> bool:
    path = FOLDER / name
    return path.is_file() and not (shadows([path.name]) or is_telling(path.read_bytes()))


def _assert_as_expected(
    name: str, sandbox: Sandbox, desk: Path, user: str | None = None, *, cold: bool = False
) -> None:
    if sandbox == "require" and _why_no_sandbox():
        pytest.skip(_why_no_sandbox())
    wanted = expected(name, sandbox, by_root=IS_ROOT and user is None)
    submission = handed_in(name, desk)
    kept = desk if sandbox == "require" else desk / "home"
    before = _listed(kept)
    options = [f"--{limit}={value:g}" for limit, value in wanted.all_limits.items()]
    outcome = arena.graded(
        submission,
        desk,
        *options,
        sandbox=sandbox,
        seconds=wanted.all_limits["time-limit"],
        user=user,
        cold=cold,
    )
    found = differences(wanted, sandbox, outcome)
    if STARTS_WARM and _may_begin_warm(name) and (trace := outcome.hostile.exercise.get("trace")):
        found += [] if trace["start"] == ("cold" if cold else "warm") else ["began otherwise"]
    found += [f"changed: {path}" for path, _state in before ^ _listed(kept)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("name", "sandbox"), tuple(_cases()))
def test_a_hostile_program_gets_its_finding_and_harms_nobody(
    name: str, sandbox: Sandbox, desk: Path
) -> None:
    _assert_as_expected(name, sandbox, desk)


@needs_warm
@pytest.mark.parametrize(
    ("name", "sandbox"), [case for case in _cases() if _may_begin_warm(str(case.values[0]))]
)
def test_what_is_hostile_when_it_begins_warm_is_no_less_so_when_it_begins_cold(
    name: str, sandbox: Sandbox, desk: Path
) -> None:
    _assert_as_expected(name, sandbox, desk, cold=True)


def _ordinary_cases() -> Iterator[Any]:
    for name in NAMES:
        wanted = expected(name, "require", by_root=False)
        if wanted.ordinary:
            yield pytest.param(name, "require", id=f"{name}-require")
        if wanted.ordinary and not wanted.sandbox_only:
            yield pytest.param(name, "off", id=f"{name}-off")


@pytest.mark.skipif(not IS_ROOT, reason="whoever is not root is an ordinary user already")
@pytest.mark.parametrize(("name", "sandbox"), tuple(_ordinary_cases()))
def test_an_ordinary_user_is_as_safe_as_root(name: str, sandbox: Sandbox, desk: Path) -> None:
    _assert_as_expected(name, sandbox, desk, NOBODY)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("poison/")])
def test_nothing_that_a_program_says_steers_who_reads_the_report(name: str, desk: Path) -> None:
    outcome = arena.graded(handed_in(name, desk), desk, "--format=text", sandbox="off", seconds=20)
    report = outcome.hostile.out
    assert outcome.hostile.code in (0, 1)
    assert [c for c in report if not (c.isprintable() or c == "\n")] == []
    assert [line for line in report.splitlines() if line.lstrip().startswith("::")] == []
    assert "##[" not in report


@pytest.mark.skipif(bool(_why_no_sandbox()), reason=_why_no_sandbox())
@pytest.mark.parametrize("name", ["signals/ignores_them.py", "hogs/processors.py"])
def test_in_the_sandbox_nothing_outlives_a_grader_that_is_killed(name: str, desk: Path) -> None:
    outcome = arena.graded(
        handed_in(name, desk), desk, "--time-limit=60", sandbox="require", seconds=60, kill=True
    )
    assert outcome.hostile.code == -signal.SIGKILL
    assert (outcome.processes, outcome.files, outcome.objects) == ([], [], [])


def test_every_program_is_expected_and_every_expectation_has_one() -> None:
    there = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*")}
    asked = {name for name in NAMES if not name.startswith("made/")}
    assert {name for name in there if not name.endswith("__pycache__")} == asked
    assert {name.removeprefix("made/") for name in set(NAMES) - asked} == set(MADE)

"""What must come of each hostile submission: expected.toml beside them, and how an outcome
differs from it.
"""

import json
import shutil
import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec
from jsonschema import Draft202012Validator
from msgspec import Struct

from tests.conftest import ROOT
from tests.hostile.arena import LATEST, TOKEN, Grading, Outcome
from tests.hostile.made import MADE

Sandbox = Literal["off", "require"]

FOLDER = ROOT / "tests" / "submissions" / "hostile"
_TABLE: dict[str, Any] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
NAMES = tuple(_TABLE)

_SHARED_MODULE = "four.py"
_LIMITS = {"time-limit": 20.0, "memory-limit": 256, "process-limit": 32, "scratch-limit": 32}
_SHORT = 1.5
_schema = Draft202012Validator(
    json.loads((ROOT / "grader" / "report" / "schema.json").read_text(encoding="utf-8"))
)


class Expected(Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """See expected.toml."""

    fails: str | None = None
    says: list[str] = []
    status: Literal["passed", "failed", "absent"] | None = None
    stopped: str | None = None
    tells: list[str] = []
    used_wrongly: bool = False
    sandbox_only: bool = False
    both: bool = False
    ordinary: bool = False
    limits: dict[str, float] = {}

    @property
    def wanted(self) -> str:
        """The status of the exercise."""
        return self.status or ("failed" if self.fails else "passed")

    @property
    def all_limits(self) -> dict[str, float]:
        """The limits under which it is graded, by their names on the command line."""
        short = {"time-limit": _SHORT} if self.stopped == "time limit" else {}
        return _LIMITS | short | self.limits


def expected(name: str, sandbox: Sandbox, *, by_root: bool) -> Expected:
    """What must come of a submission in a sandbox, or without, if it is root who grades."""
    table = dict(_TABLE[name])
    own = {each: table.pop(each, {}) for each in ("off", "require", "ordinary-user")}
    return msgspec.convert(
        table | own[sandbox] | ({} if by_root else own["ordinary-user"]), Expected
    )


def handed_in(name: str, desk: Path) -> Path:
    """A copy of the submission on the desk, or one that is made there."""
    topic, _, own = name.partition("/")
    if topic == "made":
        return MADE[own](desk)
    source = FOLDER / name
    if source.is_dir():
        return Path(shutil.copytree(source, desk / source.name))
    shutil.copy(FOLDER / _SHARED_MODULE, desk)
    return Path(shutil.copy(source, desk))


def differences(wanted: Expected, sandbox: Sandbox, outcome: Outcome) -> list[str]:
    """All in which an outcome is not as it must be."""
    found = [
        f"{what} left behind: {left[:10]}"
        for what, left in (
            ("processes", outcome.processes),
            ("files", outcome.files),
            ("objects", outcome.objects),
        )
        if left
    ]
    latest = wanted.all_limits["time-limit"] + LATEST
    if outcome.seconds > latest:
        found.append(f"took {outcome.seconds:.0f} s")
    if outcome.callers:
        found.append(f"reached the servers of this machine {outcome.callers} times")
    found += [f"the good program beside it: {each}" for each in _no_full_marks(outcome.good)]
    return found + _of_hostile(wanted, sandbox, outcome.hostile)


def _no_full_marks(grading: Grading) -> list[str]:
    if grading.code != 0:
        return [f"exit code {grading.code}: {grading.out[-2000:]}{grading.err[-2000:]}"]
    exercise = grading.exercise
    return [] if exercise["points"] == exercise["max_points"] == 10 else [f"{exercise}"]


def _of_hostile(wanted: Expected, sandbox: Sandbox, grading: Grading) -> list[str]:
    if wanted.used_wrongly:
        lines = grading.err.splitlines()
        is_so = grading.code == 2 and not grading.out and lines and "Traceback" not in grading.err
        return [] if is_so else [f"not refused in a line: {grading}"]
    code = 0 if wanted.wanted == "passed" else 1
    found = []
    if grading.code != code:
        found.append(f"exit code {grading.code}, not {code}")
    if grading.err:
        found.append(f"said on stderr: {grading.err[-2000:]}")
    try:
        _schema.validate(json.loads(grading.out))
    except ValueError as error:
        return [*found, f"no JSON ({error}): {grading.out[:300]!r}"]
    return found + _of_exercise(wanted, sandbox, grading.exercise)


def _of_exercise(wanted: Expected, sandbox: Sandbox, exercise: dict[str, Any]) -> list[str]:
    failed = {c["id"]: c["message"] for c in exercise["checks"] if c["status"] == "failed"}
    seen = f"{failed or exercise.get('note', '')}"
    found = []
    if exercise["status"] != wanted.wanted:
        found.append(f"{exercise['status']}, not {wanted.wanted}: {seen}")
    if wanted.wanted == "passed" and exercise["points"] != exercise["max_points"]:
        found.append(f"only {exercise['points']} points: {seen}")
    if wanted.fails and wanted.fails not in failed:
        found.append(f"{wanted.fails} did not fail: {seen}")
    said = failed.get(wanted.fails or "", exercise.get("note", ""))
    found += [f"does not say {words!r}: {said}" for words in wanted.says if words not in said]
    trace = exercise.get("trace")
    if trace is None:
        return found
    if trace["stopped_by"] != wanted.stopped:
        found.append(f"stopped by {trace['stopped_by']}, not {wanted.stopped}")
    if (trace["sandbox"] == "off") != (sandbox == "off"):
        found.append(f"was run in the sandbox {trace['sandbox']}")
    wrote = "".join(write["text"] for write in trace["writes"])
    found += [f"has not told {words!r}" for words in wanted.tells if words not in wrote]
    return found + [line for line in wrote.splitlines() if TOKEN in line]

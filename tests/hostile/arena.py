"""Where hostile programs are graded: apart from all else on this machine.

Each grading runs in namespaces of its own under `witness.py`, which also grades a good
program at the same moment and says what is left. The folders that a program could leave
something in are empty and private there, and the same for an ordinary user as for root.
"""

import json
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from tests.conftest import ROOT

TOKEN = "BREACH-7d1f"  # what nobody who is contained can read
LATEST = 30
"""Seconds beyond its limit that a grader may take on a busy machine."""

_GOOD = ROOT / "solutions" / "q6.py"
_WITNESS = Path(__file__).with_name("witness.py")
_COLD = Path(__file__).with_name("cold.py")
_SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/root", "/home")


class Grading(Struct):
    """What a `grade` process made of one submission; `code` is None if it had to be killed."""

    code: int | None
    out: str
    err: str

    @property
    def exercise(self) -> dict[str, Any]:
        """The only exercise of the report."""
        (exercise,) = json.loads(self.out)["exercises"]
        assert isinstance(exercise, dict)
        return exercise


class Outcome(Struct):
    """Both gradings, and what was there when they had ended and was not before."""

    hostile: Grading
    good: Grading
    seconds: float
    callers: int
    processes: list[str]
    files: list[str]
    objects: list[str]


@cache
def unshare() -> tuple[str, ...]:
    """The command that starts another one in namespaces of its own."""
    own = ("--user", "--map-current-user", "--keep-caps") if os.getuid() else ()
    kinds = ("--pid", "--ipc", "--net", "--fork", "--kill-child", "--mount-proc")
    return ("unshare", *own, *kinds)


@cache
def why_not() -> str:
    """Why this system has no such namespaces, "" if it has."""
    if sys.platform != "linux":
        return "hostile programs are run in namespaces of Linux"
    if shutil.which("unshare") is None:
        return "hostile programs are run by unshare(1), which is not installed"
    tried = subprocess.run([*unshare(), "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip()


def graded(
    submission: Path,
    desk: Path,
    *options: str,
    sandbox: str,
    seconds: float,
    user: str | None = None,
    kill: bool = False,
    cold: bool = False,
) -> Outcome:
    """Grade a submission, which lies on the desk, and a good one beside it, without a sandbox.

    The desk is the only folder of the machine's shared ones that both can see. Of it, `home`
    is the home and the current folder of who grades; under another `user` all of it is theirs.
    With `kill` the grader is killed as soon as the program runs. With `cold` that begins cold,
    though it might begin warm.
    """
    home = desk / "home"
    desk.chmod(0o755)
    if user is not None:
        subprocess.run(["chown", "-hR", user, str(desk)], check=True)
    usual = [sys.executable, "-m", "grader"]
    asked = ["q6", "--no-portable", "--format", "json"]
    spec = {
        "private": [each for each in _SHARED if Path(each).is_dir()],
        "keep": _outermost({str(desk), str(ROOT), sys.prefix, sys.base_prefix}),
        "user": user,
        "cwd": str(home),
        "env": {**os.environ, "HOME": str(home), "GRADE_TOKEN": TOKEN, "TMPDIR": "/tmp"},
        "hostile": [
            *([sys.executable, str(_COLD)] if cold else usual),
            *asked,
            "--sandbox",
            sandbox,
            str(submission),
            *options,
        ],
        "good": [*usual, *asked, "--sandbox", "off", str(_GOOD)],
        "kill": submission.name if kill else None,
        "seconds": seconds + LATEST,
    }
    ended = subprocess.run(
        [*unshare(), sys.executable, "-I", "-S", str(_WITNESS), json.dumps(spec)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=2 * (seconds + LATEST) + 10,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode(errors="replace")
    return _outcome(json.loads(ended.stdout))


def _outcome(told: dict[str, Any]) -> Outcome:
    told["hostile"], told["good"] = Grading(**told["hostile"]), Grading(**told["good"])
    return Outcome(**told)


def _outermost(paths: set[str]) -> list[str]:
    """Those of the paths that lie in none of the others."""
    return sorted(
        path
        for path in paths
        if not any(Path(path).is_relative_to(other) for other in paths - {path})
    )

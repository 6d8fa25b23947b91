"""By what a report is made: what has to be the same for it to be made again no more."""

import hashlib
import re
from functools import cache
from importlib.metadata import version
from pathlib import Path

import msgspec
from msgspec import Struct, structs

import grader.checks
from grader.settings import Settings

DISTRIBUTION = "multiprocessing-grader"
KIT = version(DISTRIBUTION)

_CHECKS = Path(grader.checks.__file__).parent
_EXERCISE_FILE = re.compile(r"q\d+\.py")


class GradedBy(Struct, frozen=True):
    """The versions of the kit and of an exercise's checks, and a digest of those settings that
    can change a verdict.
    """

    kit: str
    checks: str
    settings: str


def graded_by(id_: str, settings: Settings) -> GradedBy:
    """By what a report on a question is made now."""
    # In a sandbox or not, warm or not: a program is judged the same.
    deciding = structs.replace(settings, sandbox="auto", warm=True, whole=False)
    return GradedBy(KIT, _checks_version(id_), _digest(msgspec.json.encode(deciding)))


@cache
def _checks_version(id_: str) -> str:
    """A digest of the checks' sources: the question's own, and what all have in common."""
    own = f"{id_}.py"
    files = sorted(_CHECKS.glob("*.py"))
    taken = [file for file in files if file.name == own or not _EXERCISE_FILE.fullmatch(file.name)]
    return _digest(b"".join(file.read_bytes() for file in taken))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]

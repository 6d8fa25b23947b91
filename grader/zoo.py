"""The zoo: small programs of which it is known what the checks must say.

It lies in tests/submissions/EXERCISE/{right,wrong}/. A wrong program begins with comments
that say how it must be judged:

    # fails: joined             the check that must fail
    # says: Process-2           words that the check's message must hold; any number of lines
    # time-limit: 2             seconds, for a program that hangs

Any program may begin with `# start-method: fork` if what it shows needs that one.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from grader.mark import ExerciseReport
from grader.trace import Limits

FOLDER = Path("tests", "submissions")

_HEADER = re.compile(r"#\s*(fails|says|time-limit|start-method):\s*(.+?)\s*")


class Specimen(Struct, frozen=True):
    """A program of the zoo: `fails` is the check that must fail, None for a right one."""

    path: Path
    exercise: str
    fails: str | None
    says: tuple[str, ...]
    limits: Limits
    start_method: str | None = None


def specimens(root: Path) -> Iterator[Specimen]:
    """All programs of the zoo under this root."""
    for path in sorted((root / FOLDER).glob("q*/*/*.py")):
        if path.parent.name in ("right", "wrong"):
            yield specimen(path)


def specimen(path: Path) -> Specimen:
    """The program at this path, with what its header says."""
    said: dict[str, list[str]] = {"fails": [], "says": [], "time-limit": [], "start-method": []}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _HEADER.fullmatch(line)
        if not found:
            break
        said[found[1]].append(found[2])
    wrong = path.parent.name == "wrong"
    time = float(said["time-limit"][0]) if said["time-limit"] else Limits().wall_time
    return Specimen(
        path=path,
        exercise=path.parent.parent.name,
        fails=(said["fails"] or [""])[0] if wrong else None,
        says=tuple(said["says"]),
        limits=Limits(wall_time=time),
        start_method=next(iter(said["start-method"]), None),
    )


def misjudged(specimen: Specimen, report: ExerciseReport) -> str | None:
    """How a report differs from what is known of the program, None if it does not."""
    if specimen.fails is None:
        if report.status == "passed":
            return None
        failed = [f"{c.id}: {c.message}" for c in report.checks if c.status == "failed"]
        return f"is right, but {report.status}: {'; '.join(failed) or report.note}"
    check = next((check for check in report.checks if check.id == specimen.fails), None)
    if check is None:
        return f"must fail {specimen.fails!r}, which is no check of {report.id}"
    if check.status != "failed":
        return f"must fail {check.id}, which came out {check.status}: {check.message}"
    missing = [words for words in specimen.says if words.lower() not in check.message.lower()]
    if missing:
        return f"the message of {check.id} must say {missing[0]!r}, but is: {check.message}"
    return None

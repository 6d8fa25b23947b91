"""Hints, one more each time they are asked for.

How far a learner has come is kept in `.grade/hints.json` beside the submission, a file that
a person can read, and delete to start anew.
"""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from grader.checks import exercise
from grader.checks.base import Check
from grader.checks.common import RAN_CLEAN
from grader.load import LARGEST_SOURCE, content
from grader.mark import ExerciseReport

Shown = dict[str, int]
"""Exercise and check, as in "q6.joined" -> how many of its hints have been shown."""


class Hint(Struct, frozen=True):
    """A hint on one check: the `number`th of `of`."""

    check: str
    title: str
    text: str
    number: int
    of: int


def next_hint(report: ExerciseReport, shown: Shown) -> tuple[Hint, Shown] | None:
    """The next hint on what is to be fixed first, None where nothing is. After the last hint
    it is the last one again.
    """
    check = _first_to_fix(report)
    if check is None:
        return None
    key = f"{report.id}.{check.id}"
    number = min(max(shown.get(key, 0), 0) + 1, len(check.hints))
    hint = Hint(check.id, check.title, check.hints[number - 1], number, len(check.hints))
    return hint, {**shown, key: number}


def _first_to_fix(report: ExerciseReport) -> Check | None:
    asked = exercise(report.id)
    if report.status == "absent":
        # Nothing ran, so nothing ended badly: the first step is the exercise's own.
        return next(check for check in asked.checks if check.id != RAN_CLEAN.id)
    failed = next((result.id for result in report.checks if result.status == "failed"), None)
    return next((check for check in asked.checks if check.id == failed), None)


def _file(submission: Path) -> Path:
    folder = submission if submission.is_dir() else submission.parent
    return folder / ".grade" / "hints.json"


def read_shown(submission: Path) -> Shown:
    """What has been shown of a submission; a file that makes no sense is nothing."""
    try:
        found = json.loads(content(_file(submission), LARGEST_SOURCE))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in found.items() if isinstance(value, int)}


def write_shown(submission: Path, shown: Shown) -> None:
    """Remember what has been shown of a submission.

    Nothing is written through a link or into a pipe that came with it. Raises OSError.
    """
    file = _file(submission)
    file.parent.mkdir(exist_ok=True)
    if file.parent.is_symlink():
        raise OSError(f"{file.parent} is a link")
    with TemporaryDirectory(dir=file.parent) as folder:
        new = Path(folder, file.name)
        new.write_text(json.dumps(shown, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        new.replace(file)

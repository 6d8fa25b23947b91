"""The exercises and their checks: pure functions of a Trace, one file an exercise.

A file `qN.py` in this folder that defines EXERCISE is an exercise; nothing else needs to
know of it. Files are imported when they are asked for.
"""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

from grader.checks.base import Exercise

_EXERCISE_FILE = re.compile(r"(q\d+)\.py")


@cache
def exercise_ids() -> tuple[str, ...]:
    """The ids of all exercises, in their order."""
    found = (_EXERCISE_FILE.fullmatch(entry.name) for entry in Path(__file__).parent.iterdir())
    return tuple(sorted((match[1] for match in found if match), key=lambda id_: int(id_[1:])))


def exercise(id_: str) -> Exercise:
    """The exercise with this id. Raises KeyError if there is none."""
    if id_ not in exercise_ids():
        raise KeyError(id_)
    found: Exercise = import_module(f"{__name__}.{id_}").EXERCISE
    return found

"""How to grade, and on which systems besides."""

import sys

from msgspec import Struct

from grader.mark import ExerciseReport
from grader.run.rooms import Sandbox
from grader.run.runner import ObserverName
from grader.trace import Limits, Sign

HOPELESS: tuple[Sign, ...] = ("bootstrapping", "function not found", "import failed")
"""Signs that a program cannot work with a start method; a pool would go on replacing its
failing workers for ever."""


class Settings(Struct, frozen=True, kw_only=True):
    """What whoever grades may choose. `portable` asks for the advice about other start
    methods; `warm` lets what is run begin with its imports done; `whole` says that an answer was
    handed in with all that lies in its folder.
    """

    limits: Limits = Limits()
    portable: bool = True
    observer: ObserverName = "auto"
    start_method: str | None = None
    warm: bool = True
    sandbox: Sandbox = "auto"
    whole: bool = False


def other_methods(report: ExerciseReport) -> list[str]:
    """The start methods of other systems, under which what passed with its own is tried."""
    if report.status != "passed" or report.trace is None:
        return []
    methods = ["spawn"] if sys.platform == "win32" else ["spawn", "forkserver"]
    return [method for method in methods if method != report.trace.start_method]

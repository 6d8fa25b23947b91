"""Reports the error that ends a process, before Python prints it."""

import os
import sys

from . import channel
from .wrapping import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType, TracebackType
    from typing import Any

_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_PROBE = os.path.dirname(os.path.abspath(__file__))


def install() -> None:
    """Watch the error that ends an interpreter."""
    original = sys.excepthook

    def excepthook(
        kind: type[BaseException], error: BaseException, traceback: "TracebackType | None"
    ) -> None:
        report(error)
        original(kind, error, traceback)

    sys.excepthook = sys.__excepthook__ = excepthook


def patch(module: "ModuleType") -> None:
    """Watch `traceback.print_exc`, by which multiprocessing shows what ended a process."""
    replace(module, "print_exc", _reporting_print_exc)


def _reporting_print_exc(original: "Any") -> "Any":
    def print_exc(*args: "Any", **kwargs: "Any") -> None:
        caller = sys._getframe().f_back  # None for an exit handler
        module = caller.f_globals.get("__name__") if caller else None
        error = sys.exc_info()[1]
        if module == "multiprocessing.process" and error is not None:
            report(error)
        original(*args, **kwargs)

    return print_exc


def report(error: BaseException) -> None:
    """Report an error that nobody caught."""
    text = type(error).__name__
    try:
        if said := str(error):
            text += f": {said}"
    except Exception:
        text += ": (its text cannot be shown)"
    if isinstance(error, AttributeError) and "Can't get attribute" in text:
        # Pickle looked for what a child is to run in the main module, which has it not: a
        # notebook's functions are in no file that a child could import.
        channel.send("clue", sign="function not found", detail=text)
    file, line = _place(error)
    if isinstance(error, SyntaxError):
        file, line = error.filename or file, error.lineno or line
        parts = [str(part).strip() for part in (error.msg, error.text) if part]
        text = ": ".join([type(error).__name__, *parts])
    channel.send("error", text=text, file=os.path.basename(file), line=line)


def _place(error: BaseException) -> tuple[str, int]:
    """The innermost line of the program's own, in this error's traceback."""
    file, line = "", 0
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code.co_filename
        own = not code.startswith((_LIBRARY, _PROBE, "<frozen"))
        if own:
            file, line = code, step.tb_lineno
        step = step.tb_next
    return file, line

"""Replacing a function by one that reports and then does the same."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_COPIED = ("__module__", "__name__", "__qualname__", "__doc__")


def replace(owner: "Any", name: str, make: "Callable[[Any], Any]") -> None:
    """Set `owner.name` to `make(original)`, which then passes for the original.

    Pickling finds functions by their names (a pool's worker under spawn is one), so the
    replacement must carry those of the original.
    """
    original = getattr(owner, name)
    replacement = make(original)
    for attribute in _COPIED:
        if hasattr(original, attribute):
            setattr(replacement, attribute, getattr(original, attribute))
    if isinstance(owner, type(sys)):
        replacement.__module__ = owner.__name__  # os.kill says that it is of posix
    replacement.__wrapped__ = original
    setattr(owner, name, replacement)


def name_of(function: "Any", depth: int = 5) -> str:
    """The dotted name of a callable, in the words of the program."""
    name = getattr(function, "__qualname__", None)
    if isinstance(name, str):
        return name
    inner = getattr(function, "func", None)  # functools.partial
    return name_of(inner, depth - 1) if depth and callable(inner) else type(function).__name__


def module_of(function: "Any") -> str:
    """The name of the module that a callable comes from, "" where it says none."""
    module = getattr(function, "__module__", None)
    return module if isinstance(module, str) else ""


def text_of(value: object) -> str:
    """A repr that cannot fail, for reports."""
    try:
        return repr(value)
    except Exception:
        return f"<{type(value).__name__}>"


_keys = iter(range(1, sys.maxsize))


def key_of(thing: "Any") -> int:
    """A number that stands for this object alone; its address may come to be another's."""
    key: int | None = getattr(thing, "_grader_key", None)
    if key is None:
        key = thing._grader_key = next(_keys)
    return key


def called_by_library(depth: int = 2) -> bool:
    """Whether the caller of the wrapper is the standard library's process code."""
    try:
        module = sys._getframe(depth).f_globals.get("__name__")
    except ValueError:  # called by the interpreter itself, as exit handlers are
        return False
    return isinstance(module, str) and module.partition(".")[0] in {
        "multiprocessing",
        "concurrent",
    }

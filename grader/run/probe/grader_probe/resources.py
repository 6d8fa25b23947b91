"""Reports named semaphores and shared memory, so that none is left behind."""

from . import channel
from .wrapping import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any


def patch(module: "ModuleType") -> None:
    """Watch one module that makes named resources."""
    if module.__name__ == "multiprocessing.resource_tracker":
        replace(module, "register", _reporting_register)
    else:
        replace(module, "_make_filename", _reporting_make_filename)
        replace(module.SharedMemory, "__init__", _reporting_init)


def _reporting_register(original: "Any") -> "Any":
    def register(name: str, rtype: str) -> None:
        channel.send("resource", type=rtype, name=name)
        original(name, rtype)

    return register


def _reporting_make_filename(original: "Any") -> "Any":
    def _make_filename() -> str:
        name: str = original()
        # Before it is used: the process may be killed right after.
        channel.send("resource", type="shared_memory", name=name)
        return name

    return _make_filename


def _reporting_init(original: "Any") -> "Any":
    def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
        original(self, *args, **kwargs)
        # A name of the program's own; not all are registered, Python 3.13 has track=False.
        if kwargs.get("create", args[1] if len(args) > 1 else False):
            channel.send("resource", type="shared_memory", name=self._name)

    return __init__

"""Patches standard modules right after the program has imported them."""

import os
import sys

from . import channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

_STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))

_PATCHES = {
    "concurrent.futures.process": "pools",
    "concurrent.futures.thread": "pools",
    "multiprocessing.connection": "processes",
    "multiprocessing.context": "processes",
    "multiprocessing.pool": "pools",
    "multiprocessing.process": "processes",
    "multiprocessing.resource_tracker": "resources",
    "multiprocessing.shared_memory": "resources",
    "multiprocessing.spawn": "processes",
    "multiprocessing.util": "processes",
    "subprocess": "system",
    "threading": "system",
    "traceback": "errors",
}
"""Standard module -> the module of the probe whose `patch(module)` knows what to do."""


def install() -> None:
    """Watch imports from now on."""
    for name in _PATCHES:
        if name in sys.modules:
            _patch(sys.modules[name])
    sys.meta_path.insert(0, _Finder())


class _Finder:
    """Finds nothing of its own: it asks the other finders and wraps their loader."""

    def find_spec(
        self,
        name: str,
        path: "Sequence[str] | None" = None,
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        if name not in _PATCHES and name != "multiprocessing":
            return None
        for finder in sys.meta_path:
            if finder is self:
                continue
            spec = finder.find_spec(name, path, target)
            if spec is not None:
                return self._watched(name, spec)
        return None

    def _watched(self, name: str, spec: "ModuleSpec") -> "ModuleSpec":
        origin = os.path.abspath(spec.origin or "")
        if not origin.startswith(_STANDARD_LIBRARY + os.sep):
            if name == "multiprocessing":
                channel.send("clue", sign="shadowed module", detail=origin)
        elif name in _PATCHES and spec.loader is not None:
            _patch_after_execution(spec.loader)
        return spec


def _patch_after_execution(loader: "Any") -> None:
    execute: Callable[[ModuleType], None] = loader.exec_module

    def exec_module(module: "ModuleType") -> None:
        del loader.exec_module
        execute(module)
        _patch(module)

    loader.exec_module = exec_module


def _patch(module: "ModuleType") -> None:
    patcher = __import__(f"{__package__}.{_PATCHES[module.__name__]}", fromlist=["patch"])
    patcher.patch(module)

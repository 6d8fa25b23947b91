"""Reports Process objects: made, started, running, ended, and how each was waited for."""

import _thread
import os
import sys
import time

from . import channel, errors, streams
from .wrapping import called_by_library, key_of, module_of, name_of, replace, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

_seen: set[int] = set()
"""Children whose end this process has seen, so that each is reported once."""
_cleaned_up: "list[Any]" = []
"""Popen objects of children that start() found ended and forgot: no call of the program
has seen that yet, but active_children() will leave them out."""
_sentinels: dict[int, int] = {}
"""Sentinel of a child -> its PID."""
_vain: dict[int, int] = {}
"""Child -> how many waits for it have come back before its end."""
_MOST_VAIN_WAITS = 100
_mine = _thread._local()
"""`waiting`: whether this thread is in a wait that is reported already, and may use another
inside."""
before_exit: "list[Callable[[], None]]" = []
"""What to do before multiprocessing's exit handlers begin."""
_exiting = False
"""Whether the interpreter's exit handlers of multiprocessing are at work."""


def patch(module: "ModuleType") -> None:
    """Watch one module of multiprocessing."""
    _PATCHES[module.__name__.rpartition(".")[2]](module)


def _patch_process(module: "Any") -> None:
    base = module.BaseProcess
    for name, make in (
        ("__init__", _reporting_init),
        ("start", _reporting_start),
        ("run", _reporting_run),
        ("join", _reporting_join),
        ("is_alive", _reporting_is_alive),
        ("close", _reporting_close),
        ("_bootstrap", _reporting_bootstrap),
    ):
        replace(base, name, make)
    begin(module)
    base.exitcode = property(_reporting_exitcode(base.exitcode.fget), doc=base.exitcode.__doc__)
    replace(module, "active_children", _reporting_active_children)


def begin(module: "Any") -> None:
    """Mark what this process and those that it starts will make: the kit knows by this what a
    killed one of this run left behind.
    """
    module._current_process._config["semprefix"] = f"/{channel.run_name()}"


def _reporting_init(original: "Any") -> "Any":
    def __init__(self: "Any", *args: "Any", **kwargs: "Any") -> None:  # noqa: N807
        given = kwargs.get("args", args[3] if len(args) > 3 else ())
        if isinstance(given, str) or not hasattr(type(given), "__iter__"):
            channel.send("clue", sign="args not a tuple", detail=text_of(given))
        original(self, *args, **kwargs)
        target = kwargs.get("target", args[1] if len(args) > 1 else _NOTHING)
        if target is None or (target is not _NOTHING and not callable(target)):
            detail = f"{self._name!s} was created with target={text_of(target)}"
            channel.send("clue", sign="target called", detail=detail)
        channel.send(
            "created", number=self._identity[-1], name=str(self._name), target=_work(self)
        )

    return __init__


_NOTHING = object()


def _work(process: "Any") -> str | None:
    """What a process is to run, None where it was given nothing."""
    base = sys.modules["multiprocessing.process"].BaseProcess
    run = vars(process).get("run", type(process).run)
    if run is not base.run:
        return name_of(run)
    target = getattr(process, "_target", None)
    return None if target is None else name_of(target)


def _reporting_start(original: "Any") -> "Any":
    def start(self: "Any") -> None:
        # multiprocessing forgets these once the process has started.
        work, module = _work(self), module_of(getattr(self, "_target", None))
        arguments = getattr(self, "_args", ())
        before = _children()
        try:
            original(self)
        except BaseException as error:
            number = getattr(error, "errno", None)
            channel.send("start failed", number=self._identity[-1], errno=number)
            raise
        _cleaned_up.extend(_gone_from(before))
        popen = self._popen
        _seen.discard(popen.pid)
        _vain.pop(popen.pid, None)
        _sentinels[popen.sentinel] = popen.pid
        channel.send(
            "started",
            _child=popen.pid,
            child=popen.pid,
            number=self._identity[-1],
            name=str(self._name),
            target=work,
            module=module,
            daemon=bool(self.daemon),
            method=popen.method,
            # A pool and its workers share their task queue and nothing else.
            pool=key_of(arguments[0]) if module in _POOL_MODULES and arguments else 0,
        )

    return start


_POOL_MODULES = ("multiprocessing.pool", "concurrent.futures.process")


def _reporting_run(original: "Any") -> "Any":
    def run(self: "Any") -> None:
        if sys.modules["multiprocessing.process"]._current_process is not self:
            channel.send("clue", sign="run called", detail=str(self._name))
        original(self)

    return run


def _reporting_bootstrap(original: "Any") -> "Any":
    def _bootstrap(self: "Any", *args: "Any", **kwargs: "Any") -> "Any":
        global _exiting  # noqa: PLW0603
        _seen.clear()
        _vain.clear()
        _cleaned_up.clear()
        _sentinels.clear()
        _exiting = False
        base = sys.modules["multiprocessing.process"].BaseProcess
        if hasattr(base.run, "__wrapped__"):
            # Here run() is called as it should be, and tracebacks need not show our frame.
            base.run = base.run.__wrapped__
        channel.send(
            "begun",
            parent=self._parent_pid,
            name=str(self._name),
            target=_work(self),
            module=module_of(getattr(self, "_target", None)),
        )
        exit_code = original(self, *args, **kwargs)
        streams.finish()
        channel.send("finished", exit_code=int(exit_code), cpu_time=time.process_time())
        return exit_code

    return _bootstrap


def _reporting_join(original: "Any") -> "Any":
    def join(self: "Any", timeout: float | None = None) -> None:
        popen = self._popen
        if popen is None or popen.pid in _seen:
            if popen is None and not self._closed:
                channel.send("clue", sign="join before start", detail=str(self._name))
            original(self, timeout)
            return
        if _is_told(popen.pid):
            channel.send("waiting", child=popen.pid, how="join", at_exit=_exiting)
        _mine.waiting = True
        try:
            original(self, timeout)
        finally:
            _mine.waiting = False
            _report_waited(popen, "join")

    return join


def _is_waiting() -> bool:
    return getattr(_mine, "waiting", False)


def _is_told(child: int) -> bool:
    """Whether another wait for this child is worth a report. A program may poll with
    join(0) a million times.
    """
    return _vain.get(child, 0) < _MOST_VAIN_WAITS


def _report_waited(popen: "Any", how: str) -> None:
    if popen.pid in _seen:
        return
    exit_code = popen.returncode
    if exit_code is not None:
        _seen.add(popen.pid)
    else:
        told = _is_told(popen.pid)
        _vain[popen.pid] = _vain.get(popen.pid, 0) + 1
        if not told:
            return
    channel.send(
        "waited",
        child=popen.pid,
        how=how,
        saw_end=exit_code is not None,
        exit_code=exit_code,
        at_exit=_exiting,
    )


def _report_if_ended(popen: "Any", how: str) -> None:
    if popen is not None and popen.returncode is not None and not _is_waiting():
        _report_waited(popen, how)


def _reporting_is_alive(original: "Any") -> "Any":
    def is_alive(self: "Any") -> bool:
        alive: bool = original(self)
        _report_if_ended(self._popen, "is_alive")
        return alive

    return is_alive


def _reporting_exitcode(original: "Any") -> "Any":
    def exitcode(self: "Any") -> int | None:
        code: int | None = original(self)
        _report_if_ended(self._popen, "exitcode")
        return code

    return exitcode


def _reporting_close(original: "Any") -> "Any":
    def close(self: "Any") -> None:
        popen = self._popen
        original(self)
        _report_if_ended(popen, "close")

    return close


def _reporting_active_children(original: "Any") -> "Any":
    def active_children() -> "Any":
        before = _children()
        result = original()
        for popen in [*_cleaned_up, *_gone_from(before)]:
            _report_if_ended(popen, "active_children")
        _cleaned_up.clear()
        return result

    return active_children


def _children() -> "list[Any]":
    """The children that multiprocessing knows of."""
    return list(sys.modules["multiprocessing.process"]._children)


def _gone_from(before: "list[Any]") -> "list[Any]":
    """The Popen objects of those that multiprocessing has since seen the end of."""
    now = sys.modules["multiprocessing.process"]._children
    return [process._popen for process in before if process not in now and process._popen]


def _patch_connection(module: "Any") -> None:
    def reporting(original: "Any") -> "Any":
        def wait(object_list: "Any", timeout: float | None = None) -> "Any":
            if _is_waiting() or called_by_library():
                return original(object_list, timeout)
            objects = list(object_list)
            ready = original(objects, timeout)
            for item in ready:
                child = _sentinels.get(item) if isinstance(item, int) else None
                if child is not None and child not in _seen:
                    _seen.add(child)
                    channel.send(
                        "waited",
                        child=child,
                        how="sentinel",
                        saw_end=True,
                        exit_code=None,
                        at_exit=_exiting,
                    )
            return ready

        return wait

    replace(module, "wait", reporting)


def _patch_context(module: "Any") -> None:
    """Make another start method the default one, as it is on other systems."""
    method = os.environ.get("GRADER_START_METHOD")
    if method:
        module._default_context._default_context = module._concrete_contexts[method]


def _patch_spawn(module: "Any") -> None:
    def reporting(original: "Any") -> "Any":
        def _check_not_importing_main() -> None:
            try:
                original()
            except RuntimeError:
                channel.send("clue", sign="bootstrapping", detail="")
                raise

        return _check_not_importing_main

    replace(module, "_check_not_importing_main", reporting)
    replace(module, "_fixup_main_from_path", _reporting_import_of_main)


def _reporting_import_of_main(original: "Any") -> "Any":
    def _fixup_main_from_path(main_path: str) -> None:
        try:
            original(main_path)
        except Exception as error:
            errors.report(error)
            channel.send("clue", sign="import failed", detail=type(error).__name__)
            raise

    return _fixup_main_from_path


def _patch_util(module: "Any") -> None:
    import atexit

    handler = module._exit_function

    def reporting(original: "Any") -> "Any":
        def _exit_function(*args: "Any", **kwargs: "Any") -> None:
            global _exiting  # noqa: PLW0603
            if not _exiting:
                for report in before_exit:
                    report()
            _exiting = True
            original(*args, **kwargs)

        return _exit_function

    replace(module, "_exit_function", reporting)
    # The module has just registered the original: take its place in the order.
    atexit.unregister(handler)
    atexit.register(module._exit_function)


_PATCHES = {
    "connection": _patch_connection,
    "context": _patch_context,
    "process": _patch_process,
    "spawn": _patch_spawn,
    "util": _patch_util,
}

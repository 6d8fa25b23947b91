"""Reports what a program does below multiprocessing: forks, signals, waits, threads."""

import atexit
import os
import sys
import time

from . import channel
from .wrapping import called_by_library, module_of, name_of, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

_MOST_THREADS = 32
_threads_reported = 0


def install() -> None:
    """Watch the functions of `os` that end, await or make processes."""
    atexit.register(_finished)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_forked)
    replace(os, "kill", _reporting_kill)
    if hasattr(os, "killpg"):
        replace(os, "killpg", _reporting_killpg)
    for name in ("wait", "waitpid", "wait3", "wait4"):
        if hasattr(os, name):
            replace(os, name, _reporting_wait)
    if hasattr(os, "waitid"):
        replace(os, "waitid", _reporting_waitid)


def patch(module: "ModuleType") -> None:
    """Watch the threads and the commands that a program starts."""
    if module.__name__ == "threading":
        replace(module.Thread, "start", _reporting_thread_start)
    else:
        replace(module.Popen, "__init__", _reporting_popen)


def original_arguments() -> list[str]:
    """What this interpreter was started with; tells multiprocessing's own from others."""
    return [argument[:200] for argument in sys.orig_argv[:8]]


def _finished() -> None:
    channel.send("finished", exit_code=None, cpu_time=time.process_time())


def _forked() -> None:
    channel.send("forked", parent=os.getppid())


def _reporting_kill(original: "Any") -> "Any":
    def kill(pid: int, sig: int, /) -> None:
        # Told first: afterwards the victim may be gone, or be the caller itself.
        channel.send("signalled", child=int(pid), signal=int(sig))
        original(pid, sig)

    return kill


def _reporting_killpg(original: "Any") -> "Any":
    def killpg(group: int, sig: int, /) -> None:
        channel.send("signalled", child=-int(group), signal=int(sig))
        original(group, sig)

    return killpg


def _reporting_wait(original: "Any") -> "Any":
    def wait(*args: "Any", **kwargs: "Any") -> "Any":
        result = original(*args, **kwargs)
        child, status = result[0], result[1]
        if child and not os.WIFSTOPPED(status) and not os.WIFCONTINUED(status):
            _report_reaped(child, os.waitstatus_to_exitcode(status))
        return result

    return wait


def _reporting_waitid(original: "Any") -> "Any":
    def waitid(*args: "Any", **kwargs: "Any") -> "Any":
        result = original(*args, **kwargs)
        if result is not None and result.si_code == os.CLD_EXITED:
            _report_reaped(result.si_pid, result.si_status)
        elif result is not None and result.si_code in (os.CLD_KILLED, os.CLD_DUMPED):
            _report_reaped(result.si_pid, -result.si_status)
        return result

    return waitid


def _report_reaped(child: int, exit_code: int) -> None:
    own = not called_by_library(depth=3)
    channel.send("reaped", child=child, exit_code=exit_code, by_program=own)


def _reporting_thread_start(original: "Any") -> "Any":
    def start(self: "Any") -> None:
        global _threads_reported  # noqa: PLW0603
        target = getattr(self, "_target", None)
        library = ("multiprocessing.", "concurrent.", "ipykernel.", "asyncio.")
        is_dummy = type(self).__module__ == "multiprocessing.dummy"
        of_library = module_of(target).startswith(library) or (
            type(self).__module__.startswith(library) and not is_dummy
        )
        if not of_library and _threads_reported < _MOST_THREADS:
            _threads_reported += 1
            kind = "multiprocessing.dummy.Process" if is_dummy else type(self).__name__
            what = f"{kind}({name_of(target)})" if target is not None else kind
            channel.send("clue", sign="thread", detail=what)
        original(self)

    return start


def _reporting_popen(original: "Any") -> "Any":
    def __init__(self: "Any", args: "Any", *rest: "Any", **kwargs: "Any") -> None:  # noqa: N807
        original(self, args, *rest, **kwargs)
        command = args if isinstance(args, (str, bytes, os.PathLike)) else next(iter(args), "")
        channel.send("program", _child=self.pid, child=self.pid, command=os.fsdecode(command))

    return __init__

"""Runs a program as `python FILE` would, observes it, and hands back its Trace."""

import errno
import os
import platform
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Literal

from grader.run.assemble import assemble
from grader.run.environment import compile_probe, default_start_method, environment
from grader.run.observation import Launch, Observation
from grader.run.records import StartFailed
from grader.trace import Limits, Sign, Trace

_LONGEST_BASE = 40
_SHORT_BASE = "/tmp"  # noqa: S108  # only to make folders with names of their own in

ObserverName = Literal["auto", "linux", "portable"]


class RunError(Exception):
    """The kit could not run a program; never the fault of the program."""


def run(
    program: Path,
    limits: Limits | None = None,
    *,
    start_method: str | None = None,
    observer: ObserverName = "auto",
    stop_at: tuple[Sign, ...] = (),
) -> Trace:
    """Run `program` in its own folder with this interpreter, and observe it.

    It gets an empty standard input and a temporary folder of its own. When this returns,
    no process, temporary file, semaphore or shared memory of it is left. `start_method`
    replaces the system's default one; a program that asks for one by name still gets that.
    The run ends as soon as one of the signs in `stop_at` is seen.

    Raises RunError if the system does not let it be run, or not as it should be.
    """
    limits = limits or Limits()
    chosen = _observer(observer)
    compile_probe()
    try:
        scratch = _scratch()
        try:
            temporary = scratch / "tmp"
            temporary.mkdir()
            launch = Launch(
                # From its own folder and by its bare name, as a learner starts it.
                argv=(sys.executable, _argument(program.name)),
                cwd=program.absolute().parent,
                env=environment(os.environ, temporary, start_method),
                scratch=scratch,
                stop_at=stop_at,
            )
            if chosen == "linux":
                from grader.run import linux

                observation = linux.observe(launch, limits)
            else:
                from grader.run import portable

                observation = portable.observe(launch, limits)
        finally:
            _remove(scratch)
    except OSError as error:
        raise RunError(f"{program} could not be run: {error}") from error
    _refuse_if_starved(observation)
    return assemble(
        observation,
        program=str(program),
        python=platform.python_version(),
        start_method=start_method or default_start_method(),
        observer=chosen,
        limits=limits,
    )


def _observer(wanted: ObserverName) -> Literal["linux", "portable"]:
    if sys.platform != "linux":
        if wanted == "linux":
            raise RunError("the observer linux needs Linux: leave --observer out")
        return "portable"
    if wanted != "auto":
        return wanted
    from grader.run import linux  # it names what other systems do not have

    return "linux" if linux.is_available() else "portable"


_FEW = 50
"""Processes that any system has room for; a program that wants more may be at fault itself."""


def _refuse_if_starved(observation: Observation) -> None:
    """Do not believe a run in which the system had no room for a few processes (fork(2))."""
    if len(observation.lives) < _FEW and any(
        isinstance(record, StartFailed) and record.errno in (errno.EAGAIN, errno.ENOMEM)
        for record in observation.records
    ):
        raise RunError(
            "this system had no room for another process while the program ran: "
            "end some of the others, and grade it again"
        )


def _scratch() -> Path:
    """A new folder for one run. The address of a Unix socket in it, of the probe's or of
    multiprocessing's, has little more than 100 characters (unix(7)).
    """
    base = tempfile.gettempdir()
    if len(base) > _LONGEST_BASE and os.path.isdir(_SHORT_BASE):
        base = _SHORT_BASE
    return Path(tempfile.mkdtemp(prefix="grade-", dir=base))


def _remove(folder: Path) -> None:
    """Remove a folder, also one in which a program took rights away from itself."""
    with suppress(OSError):
        shutil.rmtree(folder)
        return
    # Top down: what is in a folder can be seen once that may be read.
    folder.chmod(0o700)
    for parent, folders, _files in os.walk(folder):
        for name in folders:
            path = Path(parent, name)
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder)


def _argument(name: str) -> str:
    """A file name that Python does not take for an option."""
    return f"./{name}" if name.startswith("-") else name

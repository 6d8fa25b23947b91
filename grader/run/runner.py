"""Runs a program as `python FILE` would, observes it, and hands back its Trace."""

import errno
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    folder: Path | None = None,
    start_method: str | None = None,
    observer: ObserverName = "auto",
    stop_at: tuple[Sign, ...] = (),
) -> Trace:
    """Run `program` in its own folder with this interpreter, and observe it.

    `folder` is the one that it belongs to, if it is written elsewhere for this run. It gets
    an empty standard input and a temporary folder of its own. When this returns, no process,
    temporary file, semaphore or shared memory of it is left. `start_method`
    replaces the system's default one; a program that asks for one by name still gets that.
    The run ends as soon as one of the signs in `stop_at` is seen.

    Raises RunError if the system does not let it be run, or not as it should be.
    """
    limits = limits or Limits()
    chosen = choose_observer(observer)
    compile_probe()
    try:
        with scratch_folder() as scratch:
            launch = Launch(
                # From its own folder and by its bare name, as a learner starts it.
                argv=(sys.executable, str(program) if folder else _argument(program.name)),
                cwd=folder or program.absolute().parent,
                env=environment(os.environ, scratch / "tmp", start_method, folder),
                scratch=scratch,
                stop_at=stop_at,
            )
            observation = observe(launch, limits, chosen)
    except OSError as error:
        raise RunError(f"{program} could not be run: {error}") from error
    refuse_if_starved(observation)
    return assemble(
        observation,
        program=str(program),
        python=platform.python_version(),
        start_method=start_method or default_start_method(),
        observer=chosen,
        limits=limits,
    )


def observe(launch: Launch, limits: Limits, observer: Literal["linux", "portable"]) -> Observation:
    """Run what `launch` says under one of the observers."""
    if observer == "linux":
        from grader.run import linux

        return linux.observe(launch, limits)
    from grader.run import portable

    return portable.observe(launch, limits)


def choose_observer(wanted: ObserverName) -> Literal["linux", "portable"]:
    """The best observer that this system has, or the one that is wanted.

    Raises RunError if it does not have that.
    """
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


def refuse_if_starved(observation: Observation) -> None:
    """Do not believe a run in which the system had no room for a few processes (fork(2)).

    Raises RunError.
    """
    if len(observation.lives) < _FEW and any(
        isinstance(record, StartFailed) and record.errno in (errno.EAGAIN, errno.ENOMEM)
        for record in observation.records
    ):
        raise RunError(
            "this system had no room for another process while the program ran: "
            "end some of the others, and grade it again"
        )


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder of one run alone, with a folder `tmp` in it; both are removed afterwards.

    The address of a Unix socket in it, of the probe's or of multiprocessing's, has little
    more than 100 characters (unix(7)).
    """
    base = tempfile.gettempdir()
    if len(base) > _LONGEST_BASE and os.path.isdir(_SHORT_BASE):
        base = _SHORT_BASE
    folder = Path(tempfile.mkdtemp(prefix="grade-", dir=base))
    try:
        (folder / "tmp").mkdir()
        yield folder
    finally:
        _remove(folder)


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

"""Runs a program as `python FILE` would, observes it, and hands back its Trace."""

import errno
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from grader.run.assemble import assemble
from grader.run.companions import companions
from grader.run.environment import (
    compile_probe,
    default_start_method,
    environment,
    environment_inside,
)
from grader.run.keepers import UnavailableError
from grader.run.observation import Observation
from grader.run.places import SCRATCH, SUBMISSION
from grader.run.records import StartFailed
from grader.run.request import File, Request, spelled, spelled_env
from grader.run.rooms import Sandbox, room
from grader.trace import Limits, Sign, Trace

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
    sandbox: Sandbox = "off",
    whole: bool = False,
    warm: bool = False,
    meanwhile: Callable[[], None] | None = None,
) -> Trace:
    """Run `program` in its own folder with this interpreter, and observe it.

    `folder` is the one that it belongs to, if it is written elsewhere for this run. In a
    sandbox it runs in a copy of that, of which `whole` says that all of it was handed in.
    It gets an empty standard input and a temporary folder of its own. When this returns, no
    process, temporary file, semaphore or shared memory of it is left. `start_method`
    replaces the system's default one; a program that asks for one by name still gets that.
    The run ends as soon as one of the signs in `stop_at` is seen. With `warm` it begins in an
    interpreter that has its imports done, where it cannot tell. `meanwhile` is called while it
    goes on, where another process observes it.

    Raises RunError if the system does not let it be run, or not as it should be.
    """
    limits = limits or Limits()
    chosen = choose_observer(observer)
    compile_probe()
    asked = _Asked(program, limits, folder, start_method, chosen, stop_at, whole)
    asked = structs.replace(asked, warm=warm and asked.may_begin_warm)
    try:
        with room(sandbox, "programs", chosen, warm=asked.warm) as found:
            if found.tier != "off":
                observation = found.observe(asked.inside(), meanwhile=meanwhile)
            else:
                from grader.run.scratch import scratch_folder  # which takes long to import

                with scratch_folder() as scratch:
                    observation = found.observe(asked.outside(scratch), meanwhile=meanwhile)
    except (OSError, UnavailableError) as error:
        raise RunError(f"{program} could not be run: {error}") from error
    refuse_if_starved(observation)
    return assemble(
        observation,
        program=str(program),
        python=platform.python_version(),
        start_method=start_method or default_start_method(),
        observer=chosen,
        sandbox=found.tier,
        start="warm" if asked.warm else "cold",
        limits=limits,
    )


class _Asked(Struct, frozen=True):
    """What run() was asked for."""

    program: Path
    limits: Limits
    folder: Path | None
    start_method: str | None
    observer: Literal["linux", "portable"]
    stop_at: tuple[Sign, ...]
    whole: bool
    warm: bool = False

    @property
    def may_begin_warm(self) -> bool:
        """Whether it comes to the same if it begins warm."""
        if self.observer != "linux" or self.start_method not in (None, "fork"):
            return False
        from grader.run.telling import is_telling, shadows  # which a single grading never needs

        beside = {*_names_in(self.home), self.program.name}
        if default_start_method() != "fork" or shadows(beside):
            return False
        if self.program.suffix != ".py" or self.program.name.startswith("-"):
            return False  # how Python takes other files, and their paths, is its own affair
        try:
            return not is_telling(self.program.read_bytes())
        except OSError:
            return False  # which Python will say

    @property
    def home(self) -> Path:
        """The folder that the program belongs to."""
        return self.folder or self.program.absolute().parent

    def inside(self) -> Request:
        """It runs in the sandbox."""
        return Request(
            argv=spelled((sys.executable, _argument(self.program.name))),
            cwd=os.fsencode(SUBMISSION),
            env=spelled_env(environment_inside(os.environ, self.start_method)),
            scratch=os.fsencode(SCRATCH),
            stop_at=self.stop_at,
            limits=self.limits,
            observer=self.observer,
            warm="program" if self.warm else "",
            files=_copied(self.program, self.home, whole=self.whole),
        )

    def outside(self, scratch: Path) -> Request:
        """It runs from its own folder and by its bare name, as a learner starts it."""
        name = str(self.program) if self.folder else _argument(self.program.name)
        env = environment(
            os.environ, str(scratch / "tmp"), self.start_method, str(self.folder or "")
        )
        return Request(
            argv=spelled((sys.executable, name)),
            cwd=os.fsencode(self.home),
            env=spelled_env(env),
            scratch=os.fsencode(scratch),
            stop_at=self.stop_at,
            limits=self.limits,
            observer=self.observer,
            warm="program" if self.warm else "",
        )


def _copied(program: Path, folder: Path, *, whole: bool) -> tuple[File, ...]:
    """The program and what goes along with it from its folder."""
    try:
        own = File(os.fsencode(program.name), program.read_bytes())
    except FileNotFoundError:
        return ()  # it went meanwhile, which Python will say, as it does without a sandbox
    source = own.data.decode("utf-8", "replace")
    others = companions(str(folder), [source], whole=whole)
    return (*(file for file in others if file.path != own.path), own)


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
    from grader.run import proc  # it names what other systems do not have

    return "linux" if proc.tells_enough() else "portable"


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


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _argument(name: str) -> str:
    """A file name that Python does not take for an option."""
    return f"./{name}" if name.startswith("-") else name

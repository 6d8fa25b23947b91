"""Where a program is run: in a sandbox, or in none."""

import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from grader.run import keepers, wire
from grader.run.keepers import Keeper, UnavailableError
from grader.run.observation import Control, Observation, lost
from grader.run.request import Request, decode_observation, encode

if TYPE_CHECKING:
    from grader.run.keepers import Kind

Sandbox = Literal["auto", "require", "off"]
"""What is wanted: the strongest there is; that or nothing; none."""

Tier = Literal["bubblewrap", "off"]
"""What a run was in, as traces tell."""

_PATIENCE = 15.0
"""Seconds for the end of a run whose time is up."""


class Room(Protocol):
    """A place for one run. `shared`, where kernels run in a sandbox, is a folder in which who
    grades and the run see each other's files.
    """

    tier: Tier
    shared: Path | None

    def observe(
        self,
        request: Request,
        control: Control | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Observation:
        """Have a program run and observed. When this returns, or raises, all of it is gone.
        `meanwhile` is called while another process observes it.

        Raises OSError if that does not work.
        """
        ...


class _Kept:
    """A room that a keeper gives."""

    def __init__(self, line: socket.socket, guard: int, keeper: Keeper, tier: Tier) -> None:
        self._line = line
        self._guard = guard
        self._keeper = keeper
        self.tier = tier
        self.shared = Path(keeper.shared) if keeper.shared else None

    def observe(
        self,
        request: Request,
        control: Control | None = None,
        meanwhile: Callable[[], None] | None = None,
    ) -> Observation:
        """See Room."""
        try:
            wire.send(self._line, wire.REQUEST, encode(request))
            if meanwhile is not None:
                meanwhile()
            deadline = time.monotonic() + request.limits.wall_time + _PATIENCE
            while True:
                observation = self._next(deadline, control, request.scratch)
                if observation is not None:
                    return observation
        finally:
            wire.hang_up(self._line)

    def _next(
        self, deadline: float, control: Control | None, scratch: bytes
    ) -> Observation | None:
        line = self._line
        heard = select.poll()  # which, unlike select(), knows descriptors beyond 1023 too
        heard.register(line, select.POLLIN)
        if control is not None:
            heard.register(control.wakes, select.POLLIN)
        ready = dict(heard.poll(1000 * max(0.0, deadline - time.monotonic())))
        if not ready:
            return self._lost(scratch)  # it can be kept from it by what a program sends it
        if control is not None and control.wakes.fileno() in ready:
            control.attend()
            with suppress(BrokenPipeError):  # it has ended, and what it sent is still to be read
                line.sendall(_asked(control))
        try:
            return _answer(line, control) if line.fileno() in ready else None
        except (EOFError, ConnectionResetError):
            if self.tier != "off":
                raise OSError("its observer has ended before the program") from None
            # With its guard: without a sandbox a program can do that, which is then its own end.
            return self._lost(scratch)

    def _lost(self, scratch: bytes) -> Observation:
        """Put an end to a run that nobody observes any more."""
        if self.tier == "off":
            return lost(self._keeper.sweep(scratch) or {self._guard})
        from grader.run import proc

        # Not its guard, which waits for the end of all the run, and then lets go of the line.
        for observer in proc.children(self._guard):
            proc.send_signal(observer, signal.SIGKILL)
        proc.send_signal(self._guard, signal.SIGCONT)
        return lost({self._guard})

    def close(self) -> None:
        """End the run, if it has not ended."""
        self._line.close()


def _asked(control: Control) -> bytes:
    asked = wire.CATCH_UP
    if control.stop.is_set():
        asked += wire.STOP
    if control.finishing.is_set():
        asked += wire.FINISH
    return asked


def _answer(line: socket.socket, control: Control | None) -> Observation | None:
    kind, payload = wire.receive(line)
    if kind == wire.DONE:
        return decode_observation(payload)
    if kind == wire.LOST:
        return lost({*map(int, payload.split())})
    if kind == wire.FAILED:
        raise OSError(payload.decode(errors="replace"))
    if control is not None:
        control.has_caught_up()
    return None


class _InProcess:
    """No room but this process: the portable observer needs none of what Linux has."""

    tier: Tier = "off"
    shared: Path | None = None

    def observe(
        self,
        request: Request,
        control: Control | None = None,
        meanwhile: Callable[[], None] | None = None,  # noqa: ARG002  # see there
    ) -> Observation:
        """See Room."""
        from grader.run import portable

        return portable.observe(request.launch(control), request.limits)


@contextmanager
def room(
    wanted: Sandbox, kind: "Kind", observer: Literal["linux", "portable"], *, warm: bool = False
) -> Iterator[Room]:
    """The room for a run under this observer: a sandbox where one is wanted and there is one.
    With `warm` it is made ready for what begins so.

    Raises UnavailableError if one is required that is not there, and OSError.
    """
    found = _sandbox(wanted, kind, warm=warm)
    if found is None and observer == "portable":
        yield _InProcess()
        return
    if found is None:
        found = _Kept(*keepers.begin(kind, sandboxed=False, warm=warm), "off")
    try:
        yield found
    finally:
        found.close()


def _sandbox(wanted: Sandbox, kind: "Kind", *, warm: bool) -> _Kept | None:
    if wanted == "off":
        return None
    try:
        begun = keepers.begin(kind, sandboxed=True, warm=warm)
    except UnavailableError:
        if wanted == "require":
            raise
        return None
    return _Kept(*begun, "bubblewrap")

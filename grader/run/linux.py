"""The kernel-attested observer.

stdout and stderr are Unix stream sockets, and the probe's reports arrive on a datagram
socket; all have SO_PASSCRED set, so the kernel attaches the sender's PID to what is read
and never merges the bytes of two senders (unix(7), SCM_CREDENTIALS). A pidfd for each
process tells when it ended. As the subreaper of the tree this process inherits every
orphan of it, sees it and reaps it.

One run at a time in a process: a second one could not tell whose orphan it inherited.
"""

import os
import resource
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable, Set
from contextlib import suppress
from functools import partial

from grader.run import proc
from grader.run.credentials import Message, receive
from grader.run.disposal import Disposal
from grader.run.gauge import MemoryGauge
from grader.run.observation import (
    GRACE,
    HELPER_GRACE,
    Launch,
    Life,
    Observation,
    Orders,
    is_awaited,
    is_helper,
)
from grader.run.records import ClueSeen, Program, Record, Started
from grader.run.reports import Reports
from grader.run.resources import ResourceKeeper
from grader.run.start import Begun, begin
from grader.run.subreaper import subreaper
from grader.run.transcript import Transcript
from grader.run.usage import Scratch, bounds, exceeded
from grader.trace import Limits, StopReason, Stream

_MOST_QUEUED = 4000
"""Messages that a socket's buffer can hold (net.core.wmem_max), and many more."""

_DRAIN_TIME = 1.0
"""Seconds to read them, of a program that goes on writing."""

_KILL_TIME = 10.0
_LOOKS = 20
"""So often is looked again while something is reaped each time."""

_MOST_ASKED = 200
"""Processes that are asked whether they run before all are killed: a bomb goes on meanwhile."""

_TICK = 0.05
"""Seconds between two looks at orphans, which nothing announces."""

_one_run = threading.Lock()


def observe(launch: Launch, limits: Limits) -> Observation:
    """Run a program to its end or its limit, and leave nothing of it running."""
    with _one_run, subreaper():
        run = _Run(launch, limits, begin(launch, bounds(limits)))
        try:
            return run.to_end()
        finally:
            run.close()


class _Run:
    def __init__(self, launch: Launch, limits: Limits, begun: Begun) -> None:
        self._limits = limits
        self._stop_at = launch.stop_at
        self._control = launch.control
        self._answered = False
        self._scratch = Scratch(os.path.join(launch.scratch, "tmp"), limits.scratch)
        self._memory = MemoryGauge(limits.memory)
        self._over: StopReason | None = None
        self._reaped_time = 0.0
        self._all_killed = False
        # It still waits at the gate: what else there is has nothing to do with it.
        self._others = frozenset(proc.children(os.getpid()) - {begun.root.pid})
        self._resources = ResourceKeeper(os.path.basename(launch.scratch), begun.before)
        self._selector = selectors.DefaultSelector()
        self._disposal = Disposal()
        self._transcript = Transcript(limits.output)
        self._lives: dict[int, Life] = {}
        self._helpers: set[int] = set()
        self._awaited: set[int] = set()
        self._swept = begun.began  # when there was nothing yet
        self._most_watched = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
        self._sockets: dict[socket.socket, Callable[[], bool]] = {}
        self._began = begun.began
        self._reports = Reports(begun.began)
        self._listen(begun.reports, partial(self._read_report, begun.reports))
        if self._control is not None:
            self._selector.register(
                self._control.wakes, selectors.EVENT_READ, partial(self._on_wake, self._control)
            )
        self._listen(begun.stdout, partial(self._read_stream, begun.stdout, "stdout"))
        self._listen(begun.stderr, partial(self._read_stream, begun.stderr, "stderr"))
        self._root = begun.root
        self._root_life = self._life(begun.root.pid)
        self._root_life.seen = begun.began
        begun.gate.open()

    def to_end(self) -> Observation:
        deadline = self._began + self._limits.wall_time
        self._until(
            lambda: self._root_life.ended is not None or self._is_over(), deadline, measured=True
        )
        if self._control is not None and self._control.finishing.is_set():
            proc.send_signal(self._root_life.pid, signal.SIGKILL)
            self._until(lambda: self._root_life.ended is not None, deadline + _KILL_TIME)
        stopped_by: StopReason | None = None
        if self._root_life.ended is not None:
            self._end_survivors()
        else:
            stopped_by = self._over or ("sign" if self._answered else "time limit")
        self._kill()
        exit_code = self._reap_root()
        self._root_life.exit_code = exit_code
        self._drain()
        ended = self._root_life.ended or time.monotonic()
        return Observation(
            root=self._root_life.pid,
            began=self._began,
            ended=ended,
            exit_code=None if stopped_by else exit_code,
            stopped_by=stopped_by,
            records=tuple(self._reports.kept),
            lives=self._lives,
            writes=self._transcript.writes(self._began),
            truncated=self._transcript.truncated(),
            ignored=self._reports.ignored,
        )

    def close(self) -> None:
        """Kill what is left, also after an error or Ctrl-C, and release everything."""
        self._kill()
        self._until(lambda: not self._descendants(), time.monotonic() + _KILL_TIME)
        self._reap_root()
        self._resources.remove(self._reports.kept)
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, int):
                os.close(key.fileobj)
        self._selector.close()
        self._disposal.end(self._sockets)

    def _reap_root(self) -> int:
        return self._root.wait()

    def _on_wake(self, control: Orders) -> None:
        control.attend()
        self._drain()
        control.has_caught_up()

    def _is_over(self) -> bool:
        asked = self._control is not None and (
            self._control.stop.is_set() or self._control.finishing.is_set()
        )
        return self._answered or asked or self._over is not None

    # -- listening ---------------------------------------------------------------------

    def _listen(self, sock: socket.socket, read: Callable[[], bool]) -> None:
        self._sockets[sock] = read
        self._selector.register(sock, selectors.EVENT_READ, read)

    def _until(
        self, condition: Callable[[], bool], deadline: float, *, measured: bool = False
    ) -> bool:
        """Handle what comes in until the condition holds; false if that took too long.

        With `measured` the run is held to its other limits too.
        """
        while not condition():
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                return False
            for key, _events in self._selector.select(min(remaining, _TICK)):
                key.data()
            now = time.monotonic()
            if self._root_life.ended is not None or now - self._swept > _TICK:
                self._swept = now
                self._reap_orphans()
                if measured:
                    self._over = self._over or self._exceeded(now)
        return True

    def _exceeded(self, now: float) -> StopReason | None:
        if os.getpid() == 1 and len(proc.everyone()) > 2 * self._limits.processes + 1:
            return "process limit"  # before each is looked at, while they become ever more
        states = proc.running(self._descendants())
        used = proc.usage(states)
        if over := exceeded(used, self._limits, ended=self._reaped_time):
            return over
        if self._memory.is_over(states, used.memory):
            return "memory limit"
        return self._scratch.exceeded(now)

    def _drain(self) -> None:
        """Read what has been written so far; who goes on writing cannot hold this up."""
        deadline = time.monotonic() + _DRAIN_TIME
        for read in self._sockets.values():
            for _ in range(_MOST_QUEUED):
                if not read() or time.monotonic() > deadline:
                    break

    def _receive(self, sock: socket.socket) -> Message | None:
        return receive(sock) if self._disposal.has_room() else None

    def _read_stream(self, sock: socket.socket, name: Stream) -> bool:
        message = self._receive(sock)
        if message is None:
            return False
        self._disposal.take(message.descriptors)
        if not message.data:
            with suppress(KeyError):
                self._selector.unregister(sock)
            return False
        now = time.monotonic()
        if message.pid:
            self._life(message.pid)
        self._transcript.add(message.pid, now, name, message.data)
        return True

    def _read_report(self, sock: socket.socket) -> bool:
        message = self._receive(sock)
        if message is None:
            return False
        record = self._reports.take(message)
        if record is not None:
            self._note(record, message.descriptors)
        self._disposal.take(message.descriptors)
        return True

    def _note(self, record: Record, descriptors: list[int]) -> None:
        pid = record.pid
        self._life(pid)
        if isinstance(record, (Started, Program)):
            if not descriptors and (fd := proc.pidfd(record.child)) is not None:
                descriptors.append(fd)
            if descriptors and self._adopt(record.child, descriptors[-1]):
                descriptors.pop()
        if isinstance(record, ClueSeen) and record.sign in self._stop_at:
            self._answered = True
        if is_helper(record):
            self._helpers.add(pid)
        elif is_awaited(record):
            self._awaited.add(pid)

    # -- processes ---------------------------------------------------------------------

    def _life(self, pid: int) -> Life:
        """What is known of a process that the kernel has vouched for."""
        life = self._lives.get(pid)
        if life is None:
            life = self._lives[pid] = Life(pid, seen=time.monotonic(), attested=True)
            self._note_state(life)
            self._watch(life, proc.pidfd(pid))
        return life

    def _adopt(self, pid: int, fd: int) -> bool:
        """Hold on to a child that its parent vouched for with a pidfd; false if that is none."""
        if pid in self._lives or not proc.is_pidfd(fd):
            return False
        state = proc.stat(pid)
        is_ours = state is None or state.parent in {*self._lives, os.getpid()}
        if proc.pid_of_pidfd(fd) not in (pid, -1) or not is_ours:
            return False
        life = self._lives[pid] = Life(pid, seen=time.monotonic(), attested=True)
        self._note_state(life)
        self._watch(life, fd)
        return True

    def _watch(self, life: Life, fd: int | None) -> None:
        if fd is None:
            life.ended = time.monotonic()
        elif len(self._selector.get_map()) >= self._most_watched:
            # We need descriptors ourselves, to find and kill what is left. Of further
            # processes we know the end from who waited for them.
            os.close(fd)
        else:
            self._selector.register(fd, selectors.EVENT_READ, partial(self._on_end, life, fd))

    def _on_end(self, life: Life, fd: int) -> None:
        life.ended = time.monotonic()
        self._note_state(life)
        self._selector.unregister(fd)
        os.close(fd)

    def _note_state(self, life: Life) -> None:
        state = proc.stat(life.pid)
        if state is not None:
            life.command = life.command or state.command
            life.parent = life.parent or state.parent
            if not state.is_running:
                life.cpu_time = state.cpu_time

    def _descendants(self) -> set[int]:
        """All that is below us, also what has ended and was not reaped."""
        if os.getpid() == 1:
            below = proc.everyone() - {1}
        else:
            below = set(proc.descendants(os.getpid(), without=self._others))
        return below - {self._root_life.pid} if self._root_life.ended is not None else below

    def _reap_orphans(self) -> None:
        for pid in proc.children(os.getpid()) - self._others - {self._root_life.pid}:
            life = self._life(pid)
            if not proc.is_running(pid):
                self._note_state(life)
                self._reaped_time += life.cpu_time or 0.0
                life.exit_code = proc.reap(pid)
                life.killed = life.killed or (
                    self._all_killed and life.exit_code == -signal.SIGKILL
                )
                life.ended = life.ended or time.monotonic()

    def _end_survivors(self) -> None:
        """Find what outlived the program, and kill it. See GRACE for who is given how long."""
        self._drain()
        running = self._running()
        if not running:  # and so nobody who could start another
            return
        cut_off = running & self._awaited
        self._until(
            lambda: not self._running() - cut_off - self._helpers, time.monotonic() + GRACE
        )
        for pid in cut_off | (self._running() - self._helpers):
            self._life(pid).outlived = True
        self._kill(spared=self._helpers)
        self._until(lambda: not self._running(), time.monotonic() + HELPER_GRACE)
        for pid in self._running():
            self._life(pid).outlived = True

    def _running(self) -> set[int]:
        """All that runs. Who hands on to a child and ends is there until it is reaped, and then
        the child is ours: so that nothing runs is believed where nothing is left to reap.
        """
        for _ in range(_LOOKS):
            below = self._descendants()
            running = set(proc.running(below))
            if running or not below:
                return running
            self._reap_orphans()
        return set()

    def _kill(self, spared: Set[int] = frozenset()) -> None:
        """Kill all that runs, but for some. Stopped first, none can make another meanwhile."""
        deadline = time.monotonic() + _KILL_TIME
        if not spared and os.getpid() == 1:
            alive = [life for life in self._lives.values() if life.ended is None]
            alive = [life for life in alive[:_MOST_ASKED] if proc.is_running(life.pid)]
            self._reap_orphans()
            proc.kill_all()
            self._all_killed = True
            for life in alive:
                life.killed = True
        while self._running() - spared:
            stopped = proc.freeze(lambda: self._running() - spared, deadline)
            for pid in stopped:
                life = self._life(pid)
                life.killed = life.killed or proc.is_running(pid)
                proc.send_signal(pid, signal.SIGKILL)
            if not self._until(partial(self._none_runs, stopped), deadline):
                raise TimeoutError(f"could not stop the processes {sorted(stopped)}")

    def _none_runs(self, pids: set[int]) -> bool:
        return not pids & self._running()

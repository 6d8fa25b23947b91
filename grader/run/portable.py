"""The observer for systems without the kernel's help: the same log, from the probe alone.

What the processes report is believed, since nothing else is to be had: the trace says
"in-process". Their reports are files in the run's folder, one a process. psutil finds what
the program left running, by the mark that all its processes carry in their environment.
"""

import os
import secrets
import stat
import subprocess
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from grader.run.observation import (
    GRACE,
    HELPER_GRACE,
    Launch,
    Life,
    Observation,
    is_awaited,
    is_helper,
)
from grader.run.records import (
    LONGEST_RECORD,
    ClueSeen,
    Dropped,
    Finished,
    Hello,
    Program,
    Record,
    Started,
    Wrote,
    decode,
)
from grader.run.resources import ResourceKeeper
from grader.run.start import hold, names_in_shared_memory
from grader.run.transcript import Transcript
from grader.run.usage import Scratch, Usage, bounds, exceeded
from grader.trace import Limits, StopReason, Stream

_MARK = "GRADER_RUN"
_KILL_TIME = 10.0
_LAST_WORDS = 2.0
"""Seconds to read what is left in a pipe: a process that escaped may keep it open for ever."""
_LARGEST_FILE = 256 << 20
_OPEN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_OPEN |= getattr(os, "O_BINARY", 0)
_TICK = 0.05
"""Seconds between two looks at the reports, which nothing announces."""

_PERIOD = 0.5
"""Seconds between two looks at what the processes use, which takes some itself."""


def observe(launch: Launch, limits: Limits) -> Observation:
    """Run the program to its end or its limit, and leave nothing of it running."""
    folder = Path(launch.scratch, "probe")
    folder.mkdir()
    mark = secrets.token_hex(16)
    resources = ResourceKeeper(os.path.basename(launch.scratch), names_in_shared_memory())
    began = time.monotonic()
    pipes: dict[Stream, _Pipe] = {}
    try:
        root = subprocess.Popen(
            launch.argv,
            cwd=launch.cwd,
            env={**launch.env, "GRADER_PROBE": f"folder:{folder}", _MARK: mark},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert root.stdout is not None
        assert root.stderr is not None
        pipes["stdout"] = _Pipe(root.stdout, limits.output)
        pipes["stderr"] = _Pipe(root.stderr, limits.output)
        hold(root.pid, bounds(limits))
        stopped_by = _wait(root, began + limits.wall_time, launch, limits, mark)
        ended = time.monotonic()
        survivors = set() if stopped_by else _survivors(mark, folder)
        killed = _kill(_marked(mark, spared=_helpers(folder) if not stopped_by else ()))
        survivors |= _overstaying(mark) if not stopped_by else set()
        killed |= _kill(_marked(mark))
        exit_code = root.wait()
    finally:
        _kill(_marked(mark))
        for pipe in pipes.values():
            pipe.close()
        records, ignored = _records(folder)
        resources.remove(records)
    transcript = _transcript(records, pipes, root.pid, limits)
    lives = _lives(records, root.pid, began)
    for pid in survivors | killed:
        life = lives.setdefault(pid, Life(pid, seen=ended))
        life.outlived, life.killed = pid in survivors, pid in killed
    lives[root.pid].ended = ended
    return Observation(
        root=root.pid,
        began=began,
        ended=ended,
        exit_code=None if stopped_by else exit_code,
        stopped_by=stopped_by,
        records=records,
        lives=lives,
        writes=transcript.writes(began),
        truncated=transcript.truncated(),
        ignored=ignored,
    )


class _Pipe:
    """Reads one stream of the program, all writers merged, so that none ever blocks."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file = file
        self._limit = limit
        self.head = bytearray()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        with suppress(OSError, ValueError):
            while data := os.read(self._file.fileno(), 1 << 16):
                self.head += data[: max(0, self._limit - len(self.head))]

    def close(self) -> None:
        """Wait for the end of the stream, which comes when all its writers are gone."""
        self._thread.join(timeout=_LAST_WORDS)
        if not self._thread.is_alive():
            self._file.close()


def _wait(
    root: "subprocess.Popen[bytes]",
    deadline: float,
    launch: Launch,
    limits: Limits,
    mark: str,
) -> StopReason | None:
    """Wait for the program's end; say why, if it must be stopped before."""
    folder = Path(launch.scratch, "probe")
    scratch = Scratch(os.path.join(launch.scratch, "tmp"), limits.scratch)
    tick = _TICK if launch.stop_at or launch.control else _PERIOD
    measured = time.monotonic()
    while (remaining := deadline - time.monotonic()) > 0:
        with suppress(subprocess.TimeoutExpired):
            root.wait(timeout=min(remaining, tick))
            return None
        now = time.monotonic()
        if now - measured >= _PERIOD:
            measured = now
            usage = _usage(mark, limits.memory)
            if over := exceeded(usage, limits):
                return over
            if usage.memory > limits.memory:
                return "memory limit"
            if over := scratch.exceeded(now):
                return over
        if launch.control is not None:
            launch.control.attend()
            launch.control.has_caught_up()  # reports have their own times, whenever they are read
            if launch.control.finishing.is_set():
                root.kill()
                root.wait()
                return None
            if launch.control.stop.is_set():
                return "time limit"
        if launch.stop_at and any(
            isinstance(record, ClueSeen) and record.sign in launch.stop_at
            for record in _records(folder)[0]
        ):
            return "sign"
    return "time limit"


def _usage(mark: str, most: int) -> Usage:
    """What the running processes use, as psutil tells: memory in full only where there may be
    more than `most` of it, since a quick sum counts what forks share once for each.
    """
    processes = list(_marked(mark))
    cpu_time, memory, own = 0.0, 0, 0
    for process in processes:
        with suppress(psutil.Error):
            cpu_time += sum(process.cpu_times()[:4])  # with the children it has waited for
            memory += process.memory_info().rss
    if memory > most:
        for process in processes:
            with suppress(psutil.Error):
                full = process.memory_full_info()
                own += getattr(full, "pss", 0) or getattr(full, "uss", full.rss)
        memory = own
    return Usage(processes=len(processes), cpu_time=cpu_time, memory=memory)


def _survivors(mark: str, folder: Path) -> set[int]:
    """The PIDs that outlive the program. See GRACE for who is given how long."""
    helpers = _helpers(folder)
    awaited = {record.pid for record in _records(folder)[0] if is_awaited(record)}
    left = _pids(_marked(mark, spared=helpers))
    cut_off = left & awaited
    deadline = time.monotonic() + GRACE
    while left - cut_off and time.monotonic() < deadline:
        time.sleep(0.01)
        left = _pids(_marked(mark, spared=helpers))
    return left | cut_off


def _overstaying(mark: str) -> set[int]:
    """The PIDs that are left when the helpers have had their time to end by themselves."""
    deadline = time.monotonic() + HELPER_GRACE
    while (left := list(_marked(mark))) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.01)
    return _pids(left)


def _helpers(folder: Path) -> set[int]:
    return {record.pid for record in _records(folder)[0] if is_helper(record)}


def _pids(processes: Iterable[psutil.Process]) -> set[int]:
    return {process.pid for process in processes}


def _kill(processes: Iterable[psutil.Process]) -> set[int]:
    victims = list(processes)
    for process in victims:
        with suppress(psutil.Error):
            process.kill()
    deadline = time.monotonic() + _KILL_TIME
    while any(map(_is_running, victims)) and time.monotonic() < deadline:
        time.sleep(0.005)
    return {process.pid for process in victims}


def _is_running(process: psutil.Process) -> bool:
    """Whether it has not ended; what has may stay a zombie where nobody reaps orphans."""
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE and process.is_running())
    return False


def _marked(mark: str, spared: Collection[int] = ()) -> Iterator[psutil.Process]:
    """The running processes that carry the mark of this run, but for some."""
    for process in psutil.process_iter():
        if process.pid in spared:
            continue
        with suppress(psutil.Error, OSError):
            if process.environ().get(_MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _records(folder: Path) -> tuple[tuple[Record, ...], int]:
    """All reports in the order of their times, and the number of malformed ones."""
    records: list[Record] = []
    ignored = 0
    for path in folder.glob("*.jsonl"):
        for line in _lines(path):
            record = decode(line)
            if record is None or path.stem != str(record.pid):
                ignored += 1
            else:
                records.append(record)
    records.sort(key=lambda record: record.time)
    return tuple(records), ignored


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a process's file; of what a program put in its place, none."""
    try:
        fd = os.open(path, _OPEN)
    except OSError:
        return
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        return
    with open(fd, "rb") as file:
        while (line := file.readline(LONGEST_RECORD)) and file.tell() <= _LARGEST_FILE:
            yield line


def _transcript(
    records: Iterable[Record], pipes: dict[Stream, _Pipe], root: int, limits: Limits
) -> Transcript:
    transcript = Transcript(limits.output)
    silent = set(pipes)
    for record in records:
        if isinstance(record, Wrote):
            silent.discard(record.stream)
            data = record.data.encode("latin-1", "replace")
            transcript.add(record.pid, record.time, record.stream, data)
        elif isinstance(record, Dropped):
            transcript.drop(record.pid, record.bytes)
    for stream in silent:
        # Nobody reported these bytes: an interpreter that never came to load the probe.
        if pipes[stream].head:
            transcript.add(root, time.monotonic(), stream, bytes(pipes[stream].head))
    return transcript


def _lives(records: Iterable[Record], root: int, began: float) -> dict[int, Life]:
    lives = {root: Life(root, seen=began)}
    for record in records:
        if isinstance(record, (Started, Program)):
            # Believed: it may have come to an end before it could report anything itself.
            lives.setdefault(record.child, Life(record.child, seen=record.time))
        life = lives.setdefault(record.pid, Life(record.pid, seen=record.time))
        if isinstance(record, Finished):
            life.ended = record.time
            life.cpu_time = record.cpu_time
        elif isinstance(record, Hello) and not life.command:
            life.command = Path(record.argv[0]).name if record.argv else ""
    return lives

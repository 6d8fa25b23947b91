"""The standard streams of an observed program.

A learner sees their program in a terminal, where each line appears as it is printed, also
that of a process that is terminated a moment later. Streams that are no terminal hold
lines back and would lose it, so they are made to behave as in a terminal.
"""

import atexit
import io
import os
import sys

from . import channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_KEPT = 1 << 19
"""Bytes of a process that are reported as they come; of the rest, as many at its end."""

_PIECE = 1 << 16
_real_write = os.write
_names = {1: "stdout", 2: "stderr"}
_original_files: "dict[int, tuple[int, int]]" = {}
"""File descriptor -> the device and inode that it stands for unless it is redirected."""


def install() -> None:
    """Line-buffer the streams; where the kernel does not attribute writes, report them."""
    if channel.attributed_by_kernel():
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        return
    for fd in _names:
        _replace_stream(fd)
        _original_files[fd] = _file_of(fd)
    os.write = _reporting_write
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_log.forget)
    atexit.register(_log.finish)


class _Log:
    """What this process wrote, reported whole up to a limit, then counted."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start anew, as a forked child must."""
        self.kept = 0
        self.tail = bytearray()
        self.tail_stream = "stdout"
        self.dropped = 0

    def note(self, fd: int, data: bytes) -> None:
        stream = _stream_behind(fd)
        if stream is None:
            return
        room = _KEPT - self.kept
        if room > 0:
            head, data = data[:room], data[room:]
            self.kept += len(head)
            self._report(stream, head)
        if data:
            self.tail_stream = stream
            self.tail += data
            if len(self.tail) > 2 * _KEPT:
                self.dropped += len(self.tail) - _KEPT
                del self.tail[:-_KEPT]

    def finish(self) -> None:
        """Report the tail; called when the process ends by itself."""
        excess = max(0, len(self.tail) - _KEPT)
        self.dropped += excess
        if self.dropped:
            channel.send("dropped", bytes=self.dropped)
        self._report(self.tail_stream, bytes(self.tail[excess:]))
        self.forget()

    def _report(self, stream: str, data: bytes) -> None:
        for start in range(0, len(data), _PIECE):
            channel.send("wrote", stream=stream, data=data[start : start + _PIECE])


def _stream_behind(fd: int) -> str | None:
    """Where a descriptor leads by now: dup2() may have redirected it."""
    file = _file_of(fd)
    if _original_files.get(fd) == file:
        return _names[fd]
    return next((_names[fd] for fd, known in _original_files.items() if known == file), None)


def _file_of(fd: int) -> "tuple[int, int]":
    try:
        state = _fstat(fd)
    except OSError:
        return (-1, -1)
    return (state.st_dev, state.st_ino)


_fstat = os.fstat
_log = _Log()
finish = _log.finish


class _ReportingFile(io.FileIO):
    """File descriptor 1 or 2, reporting what goes through it."""

    def write(self, data: "Any", /) -> int:
        written = super().write(data)
        if written:
            _log.note(self.fileno(), bytes(memoryview(data).cast("B")[:written]))
        return written


def _reporting_write(fd: int, data: "Any", /) -> int:
    written = _real_write(fd, data)
    if fd in _names:
        _log.note(fd, bytes(memoryview(data).cast("B")[:written]))
    return written


def _replace_stream(fd: int) -> None:
    name = _names[fd]
    old = getattr(sys, name)
    if old is None:
        return
    raw = _ReportingFile(fd, "w", closefd=False)
    raw.name = old.buffer.raw.name
    new = io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=old.encoding,
        errors=old.errors,
        line_buffering=True,
    )
    new.mode = "w"  # type: ignore[misc]
    setattr(sys, name, new)
    setattr(sys, f"__{name}__", new)

"""What the processes of a run wrote, kept within bounds."""

from codecs import IncrementalDecoder, getincrementaldecoder
from collections import deque
from collections.abc import MutableSequence

from msgspec import Struct, field

from grader.trace import Stream, Truncation, Write

_MOST_KEPT = 8
"""So many times the limit of one process is kept of a whole run, however many write."""

_MOST_CHUNKS = 50_000
"""Writes of a whole run that are told apart; further ones count as their writer's last."""

_SAME_MOMENT = 0.001
"""Seconds within which writes of one process, with none between them, make one record."""

_GUARD = "\ud800"
"""A surrogate that stands for no byte."""


class _Chunk(Struct):
    pid: int
    time: float
    stream: Stream
    data: bytearray


class _Output(Struct):
    """One process's: how much of its beginning is kept, its end, and what fell between."""

    head: int = 0
    tail: deque[_Chunk] = field(default_factory=deque)
    tail_size: int = 0
    dropped: int = 0
    last: dict[Stream, _Chunk] = field(default_factory=dict)


class Transcript:
    """Keeps the first and the last half of `limit` bytes of each process, so that a flood
    costs no memory and both its ends can be seen; less once a whole run has too much.
    """

    def __init__(self, limit: int) -> None:
        self._half = limit // 2
        self._most_kept = _MOST_KEPT * limit
        self._heads: list[_Chunk] = []
        self._outputs: dict[int, _Output] = {}
        self._kept = 0
        self._count = 0

    def add(self, pid: int, time: float, stream: Stream, data: bytes) -> None:
        """Note that `pid` wrote `data`."""
        output = self._outputs.setdefault(pid, _Output())
        if self._kept >= self._most_kept:
            output.dropped += len(data)
            return
        self._kept += len(data)
        head = data[: self._half - output.head]
        if head:
            output.head += len(head)
            self._append(self._heads, output, _Chunk(pid, time, stream, bytearray(head)))
        if len(data) > len(head):
            if not output.tail:
                output.last.clear()  # which are of the beginning
            rest = bytearray(data[len(head) :])
            self._append(output.tail, output, _Chunk(pid, time, stream, rest))
            output.tail_size += len(data) - len(head)
            self._trim(output)

    def drop(self, pid: int, count: int) -> None:
        """Note that `count` bytes of `pid` were lost before they came here."""
        self._outputs.setdefault(pid, _Output()).dropped += count

    def writes(self, began: float) -> tuple[Write, ...]:
        """All that was kept, in the order of its times, which are counted from `began`."""
        chunks = [*self._heads, *(c for o in self._outputs.values() for c in o.tail)]
        chunks.sort(key=lambda chunk: chunk.time)
        last = {(chunk.pid, chunk.stream): index for index, chunk in enumerate(chunks)}
        decoders: dict[tuple[int, Stream], IncrementalDecoder] = {}
        writes = []
        for index, chunk in enumerate(chunks):
            key = (chunk.pid, chunk.stream)
            if key not in decoders:
                # A character may be split between two writes.
                decoders[key] = getincrementaldecoder("utf-8")(errors="surrogateescape")
            text = _escaped(decoders[key].decode(bytes(chunk.data), final=index == last[key]))
            if text:
                time = max(0.0, chunk.time - began)
                writes.append(Write(pid=chunk.pid, time=time, stream=chunk.stream, text=text))
        return tuple(writes)

    def truncated(self) -> tuple[Truncation, ...]:
        """The processes that wrote more than was kept."""
        return tuple(
            Truncation(pid, output.dropped)
            for pid, output in self._outputs.items()
            if output.dropped
        )

    def _append(self, chunks: MutableSequence[_Chunk], output: _Output, chunk: _Chunk) -> None:
        """Add what was written, to the last chunk if that is the same process's of just now."""
        last = chunks[-1] if chunks else None
        own = output.last.get(chunk.stream)
        if (
            last is not None
            and (last.pid, last.stream) == (chunk.pid, chunk.stream)
            and chunk.time - last.time < _SAME_MOMENT
        ):
            last.data += chunk.data
        elif own is not None and own.data and self._count >= _MOST_CHUNKS:
            own.data += chunk.data
        else:
            chunks.append(chunk)
            output.last[chunk.stream] = chunk
            self._count += 1

    def _trim(self, output: _Output) -> None:
        while output.tail_size > self._half:
            oldest = output.tail[0]
            cut = min(output.tail_size - self._half, len(oldest.data))
            del oldest.data[:cut]
            output.tail_size -= cut
            self._kept -= cut
            output.dropped += cut
            if not oldest.data:
                output.tail.popleft()
                self._count -= 1


def _escaped(text: str) -> str:
    r"""A text with what stands in it for bytes that are no UTF-8, surrogates, as \xNN.

    It is what "backslashreplace" makes of the bytes, which takes that ten times as long.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        guarded = text.replace("\\", f"\\{_GUARD}")  # so that none of its own begins a \u
        escaped = guarded.encode(errors="backslashreplace").replace(rb"\udc", rb"\x")
        return escaped.replace(rb"\ud800", b"").decode()
    return text

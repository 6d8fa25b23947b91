"""What the processes of a run wrote, as much of it as a page has room for."""

from collections.abc import Iterator

from msgspec import Struct

from grader.phrases import counted
from grader.report.html.words import cut
from grader.trace import Process, Stream, Trace

_PROCESSES_SHOWN = 30
_LINES_SHOWN = 60
_CHARACTERS_SHOWN = 8000
_LONGEST_LINE = 600

_STREAMS: tuple[Stream, ...] = ("stdout", "stderr")


class Output(Struct, frozen=True):
    """What one process wrote to one stream, with a remark on what is left out."""

    who: str
    stream: Stream
    lines: tuple[str, ...]
    remark: str


def outputs_of(trace: Trace) -> tuple[tuple[Output, ...], str]:
    """By process, what it wrote; and a remark on the processes that are left out."""
    texts: dict[tuple[int, Stream], list[str]] = {}
    for write in trace.writes:
        texts.setdefault((write.pid, write.stream), []).append(write.text)
    wrote = {pid for pid, _ in texts}
    writers = [process for process in trace.processes if process.pid in wrote]
    shown = tuple(
        output for process in writers[:_PROCESSES_SHOWN] for output in _of(process, texts, trace)
    )
    left = len(writers) - _PROCESSES_SHOWN
    more = f"What {counted(left, 'more process', 'more processes')} wrote is not shown."
    return shown, more if left > 0 else ""


def _of(
    process: Process, texts: dict[tuple[int, Stream], list[str]], trace: Trace
) -> Iterator[Output]:
    dropped = sum(cut.dropped for cut in trace.truncated if cut.pid == process.pid)
    for stream in _STREAMS:
        if (process.pid, stream) not in texts:
            continue
        text = "".join(texts[process.pid, stream])
        lines, remark = _bounded(text)
        if dropped:
            kept = f"{counted(dropped, 'byte')} of what it wrote were not kept."
            remark = f"{remark} {kept}".strip()
        name = f"{cut(process.name or process.kind, 40)} {process.pid}"
        yield Output(name, stream, lines, remark)


def _bounded(text: str) -> tuple[tuple[str, ...], str]:
    shown = text[:_CHARACTERS_SHOWN].removesuffix("\n").split("\n")[:_LINES_SHOWN]
    lines = tuple(cut(line.rstrip("\r").expandtabs(), _LONGEST_LINE) for line in shown)
    left = len(text) - sum(len(line) + 1 for line in shown)
    return lines, f"{counted(left, 'more character')} are not shown." if left > 0 else ""

"""How far a batch is: a bar on a terminal, now and then a line anywhere else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from grader.batch.batch import Progress
from grader.cli.streams import tell

_STATUSES = ("passed", "failed", "absent", "error")
_EVERY = 5.0
"""Seconds between two lines."""


@contextmanager
def shown_progress(*, live: bool, colour: bool) -> Iterator[Callable[[Progress], None]]:
    """What to tell of a batch's progress while it runs, and who takes it."""
    if not live:
        yield _Lines().show
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar

    columns: list[ProgressColumn] = [
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    ]
    console = Console(stderr=True, no_color=not colour)
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, counts="", rate="")
        began = time.monotonic()

        def show(progress: Progress) -> None:
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                counts=_counts(progress),
                rate=_rate(progress, time.monotonic() - began),
            )

        yield show


class _Lines:
    """Lines for a log."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def show(self, progress: Progress) -> None:
        """Say how far it is, unless that was said just now."""
        now = time.monotonic()
        if now - self._last < _EVERY and progress.done < progress.total:
            return
        self._last = now
        passed = now - self._began
        left = progress.total - progress.done
        eta = f", {left * passed / progress.graded:.0f} s left" if progress.graded and left else ""
        tell(
            f"{progress.done}/{progress.total}: {_counts(progress)}, "
            f"{_rate(progress, passed)}{eta}\n"
        )


def _counts(progress: Progress) -> str:
    others = sorted(progress.counts.keys() - {*_STATUSES})
    return ", ".join(f"{progress.counts[status]} {status}" for status in (*_STATUSES, *others))


def _rate(progress: Progress, seconds: float) -> str:
    return f"{progress.graded / seconds:.1f}/s" if seconds > 0 else ""

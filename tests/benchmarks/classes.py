"""Classes of submissions to grade: a folder a learner, with a q6.py in each."""

import re
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from tests.conftest import ROOT

SLEEPS = """
import time
from multiprocessing import Process


def show(number):
    time.sleep(1)
    print(number)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
"""
"""Right, and takes a second of which it computes hardly any."""

HANGS = SLEEPS.replace("time.sleep(1)", "time.sleep(3600)")
"""Wrong: its end is the time limit."""

SLEEPING, HANGING = 0.05, 0.01
"""The shares of these in a class as it is, of either one at least."""

_WAITS = re.compile(rb"sleep|timeout")


class Class(Struct, frozen=True):
    """A class in its folder: the programs, and how many of them never end."""

    folder: Path
    programs: tuple[Path, ...]
    hanging: int = 0

    @property
    def passing(self) -> int:
        """How many are right."""
        return len(self.programs) - self.hanging


def computing(folder: Path, number: int) -> Class:
    """A class of right answers that wait for nothing but their own processes."""
    return _written(folder, _right(number))


def as_it_is(folder: Path, number: int) -> Class:
    """The same with some that sleep and some that never end, spread over it."""
    sleeping, hanging = (max(1, round(share * number)) for share in (SLEEPING, HANGING))
    others = [SLEEPS.encode()] * (sleeping + hanging)
    for place in _spread(hanging, len(others)):
        others[place] = HANGS.encode()
    sources = _right(number)
    for place, source in zip(_spread(len(others), number), others, strict=True):
        sources[place] = source
    return _written(folder, sources, hanging)


def _spread(some: int, places: int) -> list[int]:
    """Which of these places some have, if each is in the middle of a stretch of its own."""
    return [(2 * each + 1) * places // (2 * some) for each in range(some)]


def _right(number: int) -> list[bytes]:
    """So many right answers, one after the other of those that do not wait."""
    zoo = sorted((ROOT / "tests" / "submissions" / "q6" / "right").glob("*.py"))
    sources = [path.read_bytes() for path in (ROOT / "solutions" / "q6.py", *zoo)]
    found = [source for source in sources if not _WAITS.search(source)]
    return [found[place % len(found)] for place in range(number)]


def _written(folder: Path, sources: Sequence[bytes], hanging: int = 0) -> Class:
    """No two are the same: each ends with a comment of its own."""
    programs = []
    for place, source in enumerate(sources):
        program = folder / f"learner-{place:04}" / "q6.py"
        program.parent.mkdir(parents=True)
        program.write_bytes(source + f"\n# handed in by {program.parent.name}\n".encode())
        programs.append(program)
    return Class(folder, tuple(programs), hanging)

"""What a submission costs the process that leads a batch: to read it, hand it out, and keep what
came back, with no grading at all.

Run as `python -m tests.benchmarks.coordinator CLASS`, in a process of its own, because the peak
of a process's memory never falls: it prints what that took. The engine gives back a result that
is ready, the real one of the reference solution with another name in it, one at a time: so each
is a transaction of its own, as in a batch whose results come one by one.
"""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from grader.batch.batch import Asked, grade_class
from grader.batch.gradebook import Gradebook
from grader.batch.work import Graded, Task, grade_task
from grader.handed_in import HandedInFile
from grader.load.collect import collect
from grader.settings import Settings
from tests.benchmarks.classes import computing
from tests.benchmarks.measuring import Contender, Measures, Plan, Row, Source
from tests.conftest import ROOT

SETTINGS = Settings(portable=False, sandbox="off")
_SOURCE = ROOT / "solutions" / "q6.py"
_LEARNER, _DIGEST = "\x1alearner", "\x1adigest"


class _Head(Struct):
    """As much of a Task as is answered."""

    learner: str
    digest: str


class ReadyEngine:
    """An engine whose results are there before they are asked for, see grader.batch.engine."""

    deaths: tuple[type[BaseException], ...] = ()

    def __init__(self) -> None:
        task = Task(
            learner=_LEARNER,
            digest=_DIGEST,
            files=(HandedInFile("q6.py", _SOURCE.read_bytes()),),
            problems=(),
            ids=("q6",),
            settings=SETTINGS,
        )
        graded = msgspec.json.decode(grade_task(msgspec.json.encode(task)), type=Graded)
        assert graded.exercises[0].status == "passed"
        encoded = msgspec.json.encode(graded)
        self._learner, self._digest = map(msgspec.json.encode, (_LEARNER, _DIGEST))
        assert encoded.count(self._learner) == encoded.count(self._digest) == 1
        self._template = encoded

    def has_room(self, running: int) -> bool:
        """See Engine."""
        return not running

    def submit(self, task: bytes) -> Future[bytes]:
        """See Engine."""
        head = msgspec.json.decode(task, type=_Head)
        result: Future[bytes] = Future()
        result.set_result(
            self._template.replace(self._learner, msgspec.json.encode(head.learner)).replace(
                self._digest, msgspec.json.encode(head.digest)
            )
        )
        return result

    def renew(self, *, alone: bool) -> None:
        """See Engine: nobody dies."""

    def check(self) -> None:
        """See Engine."""

    def stop(self) -> None:
        """See Engine."""


def lead(class_: Path, out: Path) -> Measures:
    """Lead the batch of a class; what it took."""
    engine = ReadyEngine()
    asked = Asked(ids=("q6",), settings=SETTINGS)
    with collect([class_]) as found, Gradebook.create(out) as book:
        began, used = time.perf_counter(), time.process_time()
        progress = grade_class(
            book, found.handed_in, found.missing, lambda _: engine, asked, lambda _: None
        )
        cpu, seconds = time.process_time() - used, time.perf_counter() - began
    assert progress.graded == progress.counts["passed"] == progress.total
    each = {"cpu": 1000 * cpu / progress.total, "wall": 1000 * seconds / progress.total}
    return each | _peak()


def _peak() -> dict[str, float]:
    """The most memory that this program has had, in MiB. Not getrusage's: that begins with what
    the process had that started this one.
    """
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return {}
    [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return {"peak": int(peak) / 1024}


def plan_coordinator(folder: Path, number: int, limit: float) -> Plan:
    """Three sizes of a class, each twice the one before; the largest is ten times `number`."""
    sizes = [number * 10 // by for by in (4, 2, 1)]
    contenders, rows = [], []
    names = [f"coordinator, {size:,} submissions" for size in sizes]
    for name, size in zip(names, sizes, strict=True):
        class_ = computing(folder / f"coordinator-{size}", size).folder
        contenders.append(Contender(name, partial(_led, class_)))
    for name in names:
        base = None if name == names[0] else Source(names[0], "cpu")
        rows.append(
            Row(
                what=f"{name}: CPU time of each",
                unit="ms",
                value=Source(name, "cpu"),
                base=base,
                wanted="< 2 ms",
            )
        )
    rows.append(
        Row(
            what=f"{names[-1]}: peak memory",
            unit="MiB",
            value=Source(names[-1], "peak"),
            base=Source(names[0], "peak"),
        )
    )
    return Plan(contenders=tuple(contenders), rows=tuple(rows))


def _led(class_: Path) -> Measures:
    command = [sys.executable, "-m", "tests.benchmarks.coordinator", str(class_)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    return msgspec.json.decode(said, type=dict[str, float])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as out:
        sys.stdout.buffer.write(msgspec.json.encode(lead(Path(sys.argv[1]), Path(out, "out"))))

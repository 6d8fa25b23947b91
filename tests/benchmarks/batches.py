"""A whole class: the command `grade batch` against the floor, which is to run each program once
with a new interpreter and to look at nothing, as many at a time.
"""

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import msgspec

from grader.batch.gradebook import Gradebook
from grader.batch.spare import number_of_cores, usable_cores
from grader.batch.work import without_sandbox
from grader.checks import exercise
from grader.mark import mark
from grader.run.rooms import Sandbox
from grader.run.telling import is_telling
from tests.benchmarks import accounting
from tests.benchmarks.classes import Class, as_it_is, computing
from tests.benchmarks.measuring import Contender, Measures, Plan, Row, Source

ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}
"""What everything is run in: none of who measures has an effect."""

SHOWN: dict[Sandbox, str] = {"require": "sandbox", "off": "no sandbox"}

WANTED: dict[Sandbox, str] = {"require": "≥ 3", "off": "≥ 4"}


class WrongError(Exception):
    """What was measured did not do what it was measured for."""


def grade_command() -> list[str]:
    """The command as it is installed."""
    installed = Path(sysconfig.get_path("scripts"), "grade")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "grader"]


def sandboxes() -> tuple[tuple[Sandbox, ...], tuple[str, ...]]:
    """The sandboxes that are measured, the strongest first, and why one is not."""
    why = without_sandbox()
    return (("off",), (f"No sandbox here: {why}",)) if why else (("require", "off"), ())


def floor(class_: Class, at_a_time: int, limit: float) -> Measures:
    """Run each program once, `python q6.py`, with a time limit and nothing else."""
    began = time.perf_counter()
    with ThreadPoolExecutor(at_a_time) as threads:
        ended_well = list(threads.map(partial(_plainly, limit=limit), class_.programs))
    seconds = time.perf_counter() - began
    expect("programs of the floor ended well", ended_well.count(True), class_.passing)
    return _of_each(class_, seconds)


def _plainly(program: Path, limit: float) -> bool:
    process = subprocess.Popen(
        [sys.executable, program.name],
        cwd=program.parent,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    # Not wait(limit): that looks again after up to 50 ms, when the next could have begun.
    timer = threading.Timer(limit, _end, (process.pid,))
    timer.start()
    try:
        return process.wait() == 0
    finally:
        timer.cancel()


def _end(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def bare(class_: Class, at_a_time: int) -> Measures:
    """Run each program once, in a fork of an interpreter that has its imports done where the kit
    would do so too, with nothing else: see bare.py.
    """
    script = Path(__file__).with_name("bare.py")
    told = (is_telling(program.read_bytes()) for program in class_.programs)
    lines = [f"{'cold ' * cold}{path}" for path, cold in zip(class_.programs, told, strict=True)]
    began = time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-P", script, str(at_a_time)],
        env=ENVIRONMENT,
        input="\n".join(lines),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    seconds = time.perf_counter() - began
    expect("programs ended well that were only forked", int(ran.stdout), class_.passing)
    return _of_each(class_, seconds)


def batch(class_: Class, sandbox: Sandbox, limit: float) -> Measures:
    """Grade the class by the command, from its start to its end with table and report. It finds
    out itself how many to grade at a time.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [
            *grade_command(), "batch", str(class_.folder), "-o", str(Path(folder, "out")),
            "--exercises", "q6", "--sandbox", sandbox, "--time-limit", f"{limit:g}",
            "--format", "json",
        ]  # fmt: skip
        ran = accounting.run(command, ENVIRONMENT)
        if ran.exit_code:
            raise WrongError(f"grade batch ended with {ran.exit_code}: {ran.stderr.decode()}")
        marking = _marking(Path(folder, "out"))
    used = ran.used
    [of_all] = msgspec.json.decode(ran.stdout)["summary"]["exercises"]
    expect("submissions passed", of_all["counts"].get("passed", 0), class_.passing)
    if used.cpu > 1.1 * used.wall * (os.cpu_count() or 1):
        raise WrongError(f"{used.cpu:.2f} s of CPU time in {used.wall:.2f} s cannot be")
    measures = _of_each(class_, used.wall) | {"cpu": used.cpu, "machine": used.machine}
    if used.counted:
        measures["counted"] = used.cpu
    if used.coordinator is not None and used.own is not None:
        measures["own"] = used.own
        measures["kept"] = used.coordinator + marking
    return measures


def _marking(out: Path) -> float:
    """The CPU time of marking all traces of a batch, once more."""
    with Gradebook.open(out) as book:
        results = [result.exercises for result in book.results(traces=True)]
    reports = [each.report for exercises in results for each in exercises]
    traces = [(each.trace, exercise(each.id)) for each in reports if each and each.trace]
    began = time.process_time()
    for trace, of in traces:
        mark(trace, of)
    return time.process_time() - began


def _of_each(class_: Class, seconds: float) -> dict[str, float]:
    number = len(class_.programs)
    return {"seconds": seconds, "rate": number / seconds, "each": seconds / number}


def expect(what: str, found: int, right: int) -> None:
    """Raises WrongError if a number is not the right one."""
    if found != right:
        raise WrongError(f"{found} {what}, not {right}: it is not what was to be measured")


def plan_batch(folder: Path, number: int, limit: float) -> Plan:
    """A class of programs that only compute, and where the CPU time of its batch goes."""
    class_ = computing(folder / "computing", number)
    plan = _plan(class_, "that only compute", limit)
    contenders, rows = [*plan.contenders], [*plan.rows]
    if hasattr(os, "fork"):
        only_forked = f"{number} programs that only compute: only forked, nothing watched or kept"
        contenders.append(Contender(only_forked, partial(bare, class_, number_of_cores())))
        rate = Source(only_forked, "rate")
        rows.append(
            Row(what=only_forked, unit="submissions/s", value=rate, base=plan.rows[0].base)
        )
    for row in plan.rows:
        rows += _shares(row.value.contender)
    return msgspec.structs.replace(plan, contenders=tuple(contenders), rows=tuple(rows))


def _shares(batch_: str) -> Iterator[Row]:
    """Where the CPU time of a batch goes."""
    for what, part, whole, wanted in (
        ("of marking, storing and reporting, of that of all", "kept", "cpu", "< 15 %"),
        ("of the coordinator and its workers, of that of all", "own", "cpu", ""),
        ("that was counted, of all that the machine was busy with", "counted", "machine", ""),
    ):
        yield Row(
            what=f"{batch_}: CPU time {what}",
            unit="s",
            value=Source(batch_, part),
            base=Source(batch_, whole),
            shown="{:.1%}",
            wanted=wanted,
        )


def plan_class(folder: Path, number: int, limit: float) -> Plan:
    """A class as it is, in which some sleep and some never end."""
    return _plan(as_it_is(folder / "class", number), "of which some wait or hang", limit)


def _plan(class_: Class, kind: str, limit: float) -> Plan:
    measured, notes = sandboxes()
    what, at_a_time = f"{len(class_.programs)} programs {kind}", number_of_cores()
    plain = f"{what}: python q6.py"
    contenders = [Contender(plain, partial(floor, class_, at_a_time, limit))]
    rows = []
    for sandbox in measured:
        graded = f"{what}: grade batch, {SHOWN[sandbox]}"
        contenders.append(Contender(graded, partial(batch, class_, sandbox, limit)))
        rate, base = Source(graded, "rate"), Source(plain, "rate")
        rows.append(
            Row(what=graded, unit="submissions/s", value=rate, base=base, wanted=WANTED[sandbox])
        )
    return Plan(contenders=tuple(contenders), rows=tuple(rows), notes=notes)


def plan_cores(folder: Path, number: int, limit: float) -> Plan:
    """One core against two, of the batch and of the floor: that is what the machine can give."""
    usable = sorted(usable_cores() or ())
    if len(usable) < 2:
        return Plan(notes=("Cores: there are no two here that a process can be bound to.",))
    class_ = computing(folder / "cores", number)
    sandbox = sandboxes()[0][0]
    runs: dict[str, Callable[[int], Measures]] = {
        "python q6.py": lambda n: floor(class_, n, limit),
        f"grade batch, {SHOWN[sandbox]}": lambda _: batch(class_, sandbox, limit),
    }
    contenders, rows = [], []
    for name, run in runs.items():
        one, two = (f"{number} programs that only compute: {name}, {n} on {n}" for n in (1, 2))
        contenders += [
            Contender(each, partial(_bound, usable[:n], partial(run, n)))
            for n, each in enumerate((one, two), 1)
        ]
        rows.append(
            Row(
                what=f"{two} cores, against 1 on 1",
                unit="submissions/s",
                value=Source(two, "rate"),
                base=Source(one, "rate"),
            )
        )
    return Plan(contenders=tuple(contenders), rows=tuple(rows))


def _bound(to: Sequence[int], run: Callable[[], Measures]) -> Measures:
    """Run it on these cores alone."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, to)
    try:
        return run()
    finally:
        os.sched_setaffinity(0, before)

"""One grading by the command, from its start to its end, against `python q6.py`."""

import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks.batches import ENVIRONMENT, SHOWN, grade_command, sandboxes
from tests.benchmarks.classes import computing
from tests.benchmarks.measuring import Contender, Measures, Plan, Row, Source

REPEATS = 7


def timed(command: Sequence[str], folder: Path) -> Measures:
    """Run a command that ends well; its wall time in milliseconds."""
    began = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return {"ms": 1000 * (time.perf_counter() - began)}


def plan_single(folder: Path, number: int, limit: float) -> Plan:
    """The reference solution, each way once by turns, several times in each round."""
    [program] = computing(folder / "single", 1).programs
    measured, notes = sandboxes()
    plain = "one program: python q6.py"
    commands = {plain: [sys.executable, program.name]}
    for sandbox in measured:
        options = ["--no-portable", "--sandbox", sandbox, program.name]
        commands[f"one program: grade q6, {SHOWN[sandbox]}"] = [*grade_command(), "q6", *options]
    for command in commands.values():
        timed(command, program.parent)  # the first one reads what all need from the disk
    rows = [
        Row(
            what=name,
            unit="ms",
            value=Source(name, "ms"),
            base=Source(plain, "ms"),
            wanted="≤ 3",
        )
        for name in commands
        if name != plain
    ]
    contenders = [
        Contender(name, partial(timed, command, program.parent))
        for name, command in commands.items()
    ]
    return Plan(contenders=tuple(contenders), rows=tuple(rows), repeats=REPEATS, notes=notes)

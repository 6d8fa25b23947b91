"""`python -m tests.benchmarks`: measure all of it in one run, by turns, and print a table."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from tests.benchmarks.batches import WrongError, plan_batch, plan_class, plan_cores
from tests.benchmarks.coordinator import plan_coordinator
from tests.benchmarks.machine import this_machine
from tests.benchmarks.measuring import Plan, Series, figures, measured
from tests.benchmarks.notebooks import plan_notebooks
from tests.benchmarks.peers import plan_peers
from tests.benchmarks.single import plan_single
from tests.benchmarks.table import Document, markdown

PLANS: Mapping[str, Callable[[Path, int, float], Plan]] = {
    "batch": plan_batch,
    "class": plan_class,
    "cores": plan_cores,
    "coordinator": plan_coordinator,
    "single": plan_single,
    "notebooks": plan_notebooks,
    "peers": plan_peers,
}
ALWAYS = [name for name in PLANS if name != "peers"]

NOT_COUNTED = (
    "No cgroup of version 2 can be made here: for the CPU time of a batch stands what the whole "
    "machine was busy with, which is right if that did nothing else."
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for, print the table, and keep all numbers."""
    asked = _parser().parse_args(arguments)
    machine = this_machine()
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        names = [*asked.only, "peers"] if asked.peers else asked.only
        plans = [PLANS[name](Path(folder), asked.number, asked.time_limit) for name in names]
        try:
            series = measured(plans, asked.rounds, _tell)
        except (WrongError, subprocess.SubprocessError) as error:
            sys.exit(f"Nothing is told, since this went wrong: {error}")
    document = Document(
        machine=machine,
        number=asked.number,
        rounds=asked.rounds,
        time_limit=asked.time_limit,
        series=series,
        figures=figures([row for plan in plans for row in plan.rows], series),
        notes=_notes(plans, series),
    )
    sys.stdout.write(markdown(document))
    if asked.output:
        encoded = msgspec.json.format(msgspec.json.encode(document))
        asked.output.write_bytes(encoded + b"\n")


def _notes(plans: Sequence[Plan], series: Sequence[Series]) -> tuple[str, ...]:
    """What was not measured, or not in full, each said once."""
    counted = all("counted" in each.measures for each in series if "machine" in each.measures)
    notes = [note for plan in plans for note in plan.notes]
    return tuple(dict.fromkeys([*notes, *([] if counted else [NOT_COUNTED])]))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "-n", dest="number", type=_size, default=200, help="submissions of a class (200)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="times that all is measured (3)")
    parser.add_argument(
        "--time-limit", type=float, default=5.0, help="seconds for one that never ends (5)"
    )
    parser.add_argument(
        "--only", type=_names, default=ALWAYS, help=f"some of {','.join(ALWAYS)} (all)"
    )
    parser.add_argument(
        "--peers", action="store_true", help="also other graders, which are installed for it"
    )
    parser.add_argument("-o", dest="output", type=Path, help="write all numbers as JSON")
    return parser


def _size(asked: str) -> int:
    if not asked.isdecimal() or int(asked) < 2:
        raise argparse.ArgumentTypeError("a class has two submissions at least")
    return int(asked)


def _names(asked: str) -> list[str]:
    names = asked.split(",")
    if unknown := {*names} - {*ALWAYS}:
        raise argparse.ArgumentTypeError(
            f"there is no {', '.join(sorted(unknown))}: they are {', '.join(ALWAYS)}"
        )
    return names


def _tell(what: str) -> None:
    """Show on standard error how far it is."""
    sys.stderr.write(f"{what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()

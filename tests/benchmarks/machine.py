"""What is measured on: versions, and the size of the machine."""

import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import psutil
from msgspec import Struct

from grader.batch.spare import number_of_cores
from grader.batch.version import KIT
from tests.conftest import ROOT


class Machine(Struct, frozen=True, kw_only=True):
    """Where and when it was measured. `commit` is that of the kit, "" if it is not known."""

    date: str
    kit: str
    commit: str
    python: str
    kernel: str
    processor: str
    cores: int
    memory: int


def this_machine() -> Machine:
    """The one that runs this, now."""
    return Machine(
        date=datetime.now(UTC).isoformat(timespec="minutes"),
        kit=KIT,
        commit=_commit(),
        python=f"{platform.python_implementation()} {platform.python_version()}",
        kernel=f"{platform.system()} {platform.release()}",
        processor=_processor(),
        cores=number_of_cores(),
        memory=psutil.virtual_memory().total,
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2] for line in lines if line.startswith("model name")]
    return " ".join((names or [platform.processor() or platform.machine()])[0].split())


def _commit() -> str:
    if not shutil.which("git"):
        return ""
    asked = ("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()

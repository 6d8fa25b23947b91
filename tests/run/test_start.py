"""A program is started at once, and waits with its own code until it is heard."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run.environment import environment
from grader.run.observation import Launch
from grader.run.scratch import scratch_folder
from grader.run.start import begin
from grader.run.usage import bounds
from grader.trace import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is for Linux")

LIMITS = Limits(wall_time=60)


def test_no_code_of_the_program_runs_until_somebody_listens(program: Callable[..., Path]) -> None:
    path = program("open('ran', 'w').close(); print('heard')")
    with scratch_folder() as scratch:
        launch = Launch(
            argv=(sys.executable, path.name),
            cwd=str(path.parent),
            env=environment(os.environ, str(scratch / "tmp"), None),
            scratch=str(scratch),
        )
        begun = begin(launch, bounds(LIMITS))
        _until_it_waits_at(Path(scratch, "probe.gate"))
        assert not (path.parent / "ran").exists()
        begun.gate.open()
        assert begun.root.wait() == 0
    with begun.reports, begun.stdout, begun.stderr:
        assert begun.stdout.recv(100) == b"heard\n"


def _until_it_waits_at(file: Path) -> None:
    """Until somebody waits for a lock on a file, which stands in a line with "->" (proc(5))."""
    inode = f":{file.stat().st_ino} "
    deadline = time.monotonic() + 60
    while not any(
        "->" in line and inode in line
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()
    ):
        assert time.monotonic() < deadline
        time.sleep(0.005)

"""A program is started at once, and waits with its own code until it is heard."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run import linux
from grader.run.environment import environment
from grader.run.observation import Launch
from grader.run.scratch import scratch_folder
from grader.run.start import Beginning, begin_program
from grader.run.usage import bounds
from grader.trace import Limits

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it is for Linux")

LIMITS = Limits(wall_time=60)


def test_no_code_of_the_program_runs_until_somebody_listens(program: Callable[..., Path]) -> None:
    path = program("open('ran', 'w').close(); print('heard')")
    with scratch_folder() as scratch:
        begun = begin_program(
            Beginning(
                argv=(os.fsencode(sys.executable), os.fsencode(path.name)),
                cwd=os.fsencode(path.parent),
                env={
                    os.fsencode(name): os.fsencode(value)
                    for name, value in environment(os.environ, scratch / "tmp", None).items()
                },
                scratch=os.fsencode(scratch),
                bounds=bounds(LIMITS),
                room=0,
                files=(),
                shared="",
            )
        )
        _until_it_waits_at(Path(scratch, "probe.gate"))
        assert not (path.parent / "ran").exists()
        launch = Launch(argv=(), cwd=str(path.parent), env={}, scratch=str(scratch))
        observation = linux.observe(launch, LIMITS, begun)
    assert [write.text for write in observation.writes] == ["heard\n"]
    assert observation.exit_code == 0


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

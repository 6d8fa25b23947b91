"""What observed programs are told, and how the probe is made ready for them."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from grader.run.environment import compile_probe, environment
from grader.run.places import PROBE


def test_the_bytecode_of_a_copied_probe_is_made_anew_and_then_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = tmp_path / "probe"
    copytree(PROBE, probe, ignore=ignore_patterns("__pycache__"))
    monkeypatch.setattr("grader.run.environment.PROBE", str(probe))
    compile_probe.__wrapped__()
    assert not compiled_at_its_start(probe)
    for source in probe.rglob("*.py"):
        os.utime(source, (1, 1))  # older than the bytecode, and yet not what that was made of
    assert compiled_at_its_start(probe)
    compile_probe.__wrapped__()
    assert not compiled_at_its_start(probe)


def test_a_probe_whose_bytecode_can_be_neither_read_nor_written_is_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probe = tmp_path / "probe"
    copytree(PROBE, probe, ignore=ignore_patterns("__pycache__"))
    for folder in (probe, probe / "grader_probe"):
        folder.joinpath("__pycache__").touch()  # which stops root, too
    monkeypatch.setattr("grader.run.environment.PROBE", str(probe))
    compile_probe.__wrapped__()
    assert compiled_at_its_start(probe)


def compiled_at_its_start(probe: Path) -> list[str]:
    """What of the probe an observed interpreter compiles before it runs anything."""
    env = environment(os.environ, str(probe.parent), None, probe=str(probe))
    command = [sys.executable, "-v", "-c", "import grader_probe"]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    loaded = [line for line in ran.stderr.splitlines() if line.startswith("# code object from")]
    assert any(str(probe) in line for line in loaded)
    return [line for line in loaded if str(probe) in line and ".pyc" not in line]

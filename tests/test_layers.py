"""The probe is a guest in a learner's interpreter, and knows nothing of its host.

What the layers of the kit itself may import is in pyproject.toml, for import-linter.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

GRADER = ROOT / "grader"
PROBE = GRADER / "run" / "probe"
SOURCES = sorted(PROBE.rglob("*.py"))


def _imports(source: Path) -> Iterator[str]:
    """The modules that a file imports anywhere in it; those of its own package as `.name`."""
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_the_probe_imports_only_the_standard_library_and_itself(source: Path) -> None:
    for name in _imports(source):
        top = name.partition(".")[0]
        own = name.startswith(".") or name in ("grader_probe", "sitecustomize")
        assert own or top in sys.stdlib_module_names, name
        assert not name.startswith(".."), "that would be the kit itself"


def test_nothing_on_the_deciding_side_imports_the_probe() -> None:
    ours = [path for path in GRADER.rglob("*.py") if PROBE not in path.parents]
    assert len(ours) > 30
    for source in ours:
        assert not [name for name in _imports(source) if "probe" in name], source


def test_the_data_model_imports_nothing_of_the_kit() -> None:
    names = list(_imports(GRADER / "trace.py"))
    assert not [name for name in names if name.startswith(("grader", "."))]


# -- what is loaded in a learner's interpreter ---------------------------------------------

TELL = """
import sys
print({name: getattr(module, "__file__", None) for name, module in list(sys.modules.items())})
"""
"""Prints what is loaded without loading anything for it."""


def _modules(tmp_path: Path, program: str, **env: str) -> dict[str, str | None]:
    """The modules in an interpreter that ran this program, and their files."""
    (tmp_path / "program.py").write_text(program + TELL)
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    found: dict[str, str | None] = ast.literal_eval(done.stdout.splitlines()[-1])
    return found


CHANNELS = ("folder", "socket")


def _added(tmp_path: Path, channel: str, program: str = "") -> dict[str, str | None]:
    """What the probe adds to the modules that this program has anyway."""
    plain = _modules(tmp_path, program)
    where = f"{channel}:{tmp_path}"  # that nobody listens there, it does not mind
    probed = _modules(tmp_path, program, PYTHONPATH=str(PROBE), GRADER_PROBE=where)
    assert set(plain) <= set(probed)
    return {name: file for name, file in probed.items() if name not in plain}


def _is_of_the_probe(name: str, file: str | None) -> bool:
    # The name of sitecustomize is the environment's own again where it has one.
    return file is not None and Path(file).is_relative_to(PROBE)


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_probe_loads_only_private_c_modules_that_python_has_not_loaded_anyway(
    tmp_path: Path, channel: str
) -> None:
    """A public one could be the learner's own file of that name."""
    others = {
        name: file
        for name, file in _added(tmp_path, channel).items()
        if not _is_of_the_probe(name, file)
    }
    for name, file in others.items():
        # A built-in module cannot be shadowed by a file, whatever its name.
        built_in = name in sys.builtin_module_names
        extension = file is not None and not file.endswith(".py")
        assert built_in or (name.startswith("_") and extension), (name, file)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "program",
    ["import multiprocessing.pool", "import threading, subprocess", "import concurrent.futures"],
)
def test_neither_does_it_when_the_program_imports_what_it_watches(
    tmp_path: Path, channel: str, program: str
) -> None:
    for name, file in _added(tmp_path, channel, program).items():
        built_in = name in sys.builtin_module_names
        private = name.startswith("_") and file is not None and not file.endswith(".py")
        assert _is_of_the_probe(name, file) or built_in or private, (name, file)


def test_without_a_runner_the_probe_watches_nothing(tmp_path: Path) -> None:
    program = (
        "import os, sys, multiprocessing.process as p\n"
        "assert not hasattr(os.kill, '__wrapped__')\n"
        "assert not hasattr(p.BaseProcess.start, '__wrapped__')\n"
    )
    _modules(tmp_path, program, PYTHONPATH=str(PROBE))
    with pytest.raises(subprocess.CalledProcessError):
        _modules(tmp_path, program, PYTHONPATH=str(PROBE), GRADER_PROBE=f"folder:{tmp_path}")


def test_the_environments_own_sitecustomize_has_its_turn(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "sitecustomize.py").write_text("import sys; sys.their_turn = True\n")
    path = os.pathsep.join([str(PROBE), str(theirs)])
    found = _modules(tmp_path, "import sys; sys.their_turn\n", PYTHONPATH=path)
    assert found["sitecustomize"] == str(theirs / "sitecustomize.py")

"""The environment of an observed program: the same for every run, wherever it is graded."""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache

from grader.run.places import HOME, PROBE, PROBE_FOLDER, TEMPORARY

_KEPT = (
    # Where programs and the person's own packages are found.
    "PATH", "HOME", "USER", "LOGNAME", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "TZ",
    # What Windows cannot do without.
    "APPDATA", "COMSPEC", "LOCALAPPDATA", "NUMBER_OF_PROCESSORS", "PATHEXT", "PROGRAMDATA",
    "SYSTEMDRIVE", "SYSTEMROOT", "USERNAME", "USERPROFILE", "WINDIR",
)  # fmt: skip


_OF_A_RUN = ("TMPDIR", "TEMP", "TMP")
"""What is another in each run."""

_TAG = sys.implementation.cache_tag


def environment(
    outer: Mapping[str, str],
    temporary: str,
    start_method: str | None,
    folder: str = "",
    probe: str = PROBE,
) -> dict[str, str]:
    """The variables for one run.

    Only those of `outer` are kept that say where things are: options for Python, secrets
    and terminals of whoever grades do not reach the program. `start_method` becomes
    multiprocessing's default one, as if the program ran on another system. From `folder`
    modules can be imported as from beside the program.
    """
    env = {name: outer[name] for name in _KEPT if name in outer}
    env["PYTHONPATH"] = os.pathsep.join(path for path in (probe, folder) if path)
    env["PYTHONDONTWRITEBYTECODE"] = "1"  # no __pycache__ beside the learner's files
    for name in _OF_A_RUN:
        env[name] = temporary
    if sys.platform == "win32":
        env["PYTHONUTF8"] = "1"
    else:
        env["LC_ALL"] = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
    if start_method:
        env["GRADER_START_METHOD"] = start_method
    return env


def environment_inside(outer: Mapping[str, str], start_method: str | None) -> dict[str, str]:
    """The variables for one run in the sandbox, where nothing of a person's is to be seen."""
    path = os.pathsep.join((os.path.dirname(sys.executable), os.defpath))
    own = {"PATH": path, "HOME": HOME, "USER": "learner", "LOGNAME": "learner"}
    kept = {name: outer[name] for name in ("TZ", "VIRTUAL_ENV") if name in outer}
    return environment(own | kept, TEMPORARY, start_method, probe=PROBE_FOLDER)


def of_any_run(outer: Mapping[str, str], *, sandboxed: bool) -> dict[str, str]:
    """The variables that all runs have in common, whose default start method is the system's."""
    env = environment_inside(outer, None) if sandboxed else environment(outer, TEMPORARY, None)
    return {name: value for name, value in env.items() if name not in _OF_A_RUN}


def default_start_method() -> str:
    """What multiprocessing uses on this system unless told otherwise (its documentation,
    "Contexts and start methods").
    """
    if sys.platform in ("win32", "darwin"):
        return "spawn"
    return "forkserver" if sys.version_info >= (3, 14) else "fork"


@cache
def compile_probe() -> None:
    """Have the probe's bytecode ready: the observed interpreters may write none. Once is enough:
    without it they only take longer.
    """
    for folder in (PROBE, os.path.join(PROBE, "grader_probe")):
        for name in os.listdir(folder):
            source = os.path.join(folder, name)
            # Where Python keeps it (PEP 3147); importlib.util, which tells too, takes longer.
            compiled = os.path.join(folder, "__pycache__", f"{name[:-3]}.{_TAG}.pyc")
            if name.endswith(".py") and _is_stale(compiled, source) and os.access(folder, os.W_OK):
                import py_compile

                with suppress(OSError):  # they take longer, as they do where nobody may write
                    py_compile.compile(source, quiet=1)


def _is_stale(compiled: str, source: str) -> bool:
    """Whether Python would not take it for the source's: it asks for the very time and size of
    that, and a copy has another time (PEP 552 says where they stand).
    """
    try:
        with open(compiled, "rb") as file:
            header = file.read(16)
    except OSError:
        return True
    is_hashed, time, size = (int.from_bytes(header[at : at + 4], "little") for at in (4, 8, 12))
    state = os.stat(source)
    return not is_hashed and (time, size) != (int(state.st_mtime) & 0xFFFF_FFFF, state.st_size)

"""Other graders at the same work: each in a virtual environment of its own, with its newest
release from PyPI, used as its documentation says, as many at a time as there are cores where it
can do so. All mark the same simple thing, that a program prints four digits.

None of them looks at processes, keeps a gradebook of evidence or writes a class's pages, as the
kit's batch does in its time; nbgrader alone keeps a gradebook. What is made once for a class
(environments, tests, notebooks, releases) is ready before the clock starts.
"""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from grader.batch.spare import number_of_cores
from tests.benchmarks.batches import (
    ENVIRONMENT,
    SHOWN,
    WrongError,
    batch,
    expect,
    floor,
    sandboxes,
)
from tests.benchmarks.classes import Class, computing
from tests.benchmarks.measuring import Contender, Measures, Plan, Row, Source
from tests.benchmarks.peers.graders import PEERS, Desk, Peer

_PATIENCE = 900.0
"""Seconds for one command of a peer's, installing among them."""


def plan_peers(folder: Path, number: int, limit: float) -> Plan:
    """A fifth as many submissions as in a class; the floor and the kit's batch beside the peers.
    A peer that cannot be had here, or that does not grade them rightly, is told of in a note.
    """
    class_ = computing(folder / "peers", max(2, number // 5))
    what, sandbox = f"{len(class_.programs)} programs", sandboxes()[0][0]
    plain = f"{what}: python q6.py"
    kit = f"{what}: grade batch, {SHOWN[sandbox]}"
    contenders = [
        Contender(plain, partial(floor, class_, number_of_cores(), limit)),
        Contender(kit, partial(batch, class_, sandbox, limit)),
    ]
    notes = []
    for peer in PEERS:
        try:
            environment, versions = _installed(peer, folder)
            _graded(peer, environment, class_)  # of which nothing is told
        except (subprocess.SubprocessError, OSError, WrongError) as error:
            notes.append(f"{peer.name} was not measured: {_reason(error)}")
        else:
            name = f"{what}: {versions}"
            contenders.append(Contender(name, partial(_graded, peer, environment, class_)))
            notes += [peer.note] if peer.note else []
    rows = [
        Row(
            what=each.name,
            unit="s/submission",
            value=Source(each.name, "each"),
            base=Source(plain, "each"),
        )
        for each in contenders[1:]
    ]
    return Plan(contenders=tuple(contenders), rows=tuple(rows), notes=tuple(notes))


def _installed(peer: Peer, folder: Path) -> tuple[Path, str]:
    """A new environment with a peer in it: where its commands are, and its name and version."""
    environment = folder / "environments" / peer.name.replace(" ", "-")
    _call([sys.executable, "-m", "venv", str(environment)])
    python = environment / "bin" / "python"
    _call([str(python), "-m", "pip", "install", "-q", *peer.packages])
    asked = "import sys; from importlib.metadata import version; print(version(sys.argv[1]))"
    found = _call([str(python), "-c", asked, peer.packages[0]]).strip()
    return environment / "bin", f"{peer.name} {found}"


def _graded(peer: Peer, commands: Path, class_: Class) -> Measures:
    """Have a peer grade a class; what it took. Raises WrongError if it did not give all points."""
    number = len(class_.programs)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), commands, class_, number_of_cores())
        work = peer.prepare(desk)
        env = _environment(desk)
        for command in work.before:
            _call(command.words, command.folder, env)
        began = time.perf_counter()
        with ThreadPoolExecutor(desk.at_a_time) as threads:
            list(threads.map(lambda each: _call(each.words, each.folder, env), work.commands))
        seconds = time.perf_counter() - began
        for command in work.after:
            _call(command.words, command.folder, env)
        expect("submissions got all points", work.passed(), number)
    return {"seconds": seconds, "each": seconds / number}


def _environment(desk: Desk) -> dict[str, str]:
    """As everything else is run, but for where commands and settings are looked for."""
    path = f"{desk.commands}:{ENVIRONMENT['PATH']}"
    return {**ENVIRONMENT, "PATH": path, "HOME": str(desk.folder)}


def _call(words: list[str], folder: Path | None = None, env: dict[str, str] | None = None) -> str:
    ran = subprocess.run(
        words,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=True,
    )
    return ran.stdout


def _reason(error: Exception) -> str:
    """Why something did not work, in one line."""
    said = ""
    if isinstance(error, subprocess.CalledProcessError):
        lines = [line for line in f"{error.stdout}\n{error.stderr}".splitlines() if line.strip()]
        said = f": {lines[-1].strip()}" if lines else ""
    return " ".join(f"{error}{said}".split())

"""What most tests need: running a small program under an observer."""

import sys
from collections.abc import Callable
from contextlib import nullcontext, suppress
from pathlib import Path
from textwrap import dedent
from typing import Any, Literal

import pytest

from grader.run import linux
from grader.run.environment import default_start_method
from grader.run.keepers import UnavailableError, require_sandbox
from grader.run.observation import Control, Observation
from grader.run.request import Request
from grader.run.runner import ObserverName, run
from grader.trace import Limits, Trace

ROOT = Path(__file__).parent.parent

OBSERVERS: tuple[ObserverName, ...] = ("linux", "portable")

Way = Literal["linux", "portable", "sandbox"]
"""How a program is run: under one of the observers as it is, or in the sandbox."""


def _there_is_a_sandbox() -> bool:
    with suppress(UnavailableError):
        require_sandbox()
        return True
    return False


_SANDBOX = _there_is_a_sandbox()

needs_sandbox = pytest.mark.skipif(
    not _SANDBOX, reason="bubblewrap and user namespaces are needed"
)
STARTS_WARM = sys.platform == "linux" and default_start_method() == "fork"

needs_warm = pytest.mark.skipif(
    not STARTS_WARM, reason="programs begin warm where processes are forked by default"
)
BEST: Way = "sandbox" if _SANDBOX else "linux"
"""The strongest way that this system has."""

WAYS = ("linux", "portable", pytest.param("sandbox", marks=needs_sandbox))


def options_of(way: Way) -> dict[str, Any]:
    """What run(), run_notebook() and Settings are given for it."""
    if way == "sandbox":
        return {"observer": "linux", "sandbox": "require"}
    return {"observer": way, "sandbox": "off"}


Observe = Callable[..., Trace]


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Path]:
    """Writes a program, `q6.py` unless named otherwise, into a folder of its own."""

    def write(source: str, name: str = "q6.py") -> Path:
        path = tmp_path / name
        path.write_text(dedent(source), encoding="utf-8")
        return path

    return write


@pytest.fixture(params=WAYS)
def observe(request: pytest.FixtureRequest, program: Callable[..., Path]) -> Observe:
    """Runs a program's source in each way in turn and gives its trace."""
    return _observing(request.param, program)


@pytest.fixture
def attest(program: Callable[..., Path]) -> Observe:
    """Runs a program's source under the observer with the kernel's evidence."""
    return _observing("linux", program)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has the kernel's observer run in this process, where a test can change what it does."""

    class Here:
        tier = "off"
        shared = None

        def observe(
            self, request: Request, control: Control | None = None, meanwhile: object = None
        ) -> Observation:
            # What begins warm elsewhere is started here, not forked.
            return linux.observe(request.launch(control), request.held)

    for place in ("grader.run.runner.room", "grader.run.notebook.room"):
        monkeypatch.setattr(place, lambda *_args, **_options: nullcontext(Here()))


def _observing(way: Way, program: Callable[..., Path]) -> Observe:
    def observe(source: str, *, seconds: float = 60, name: str = "q6.py", **options: Any) -> Trace:
        # A busy machine may be slow; only tests of the limit itself set a lower one.
        limits = Limits(wall_time=seconds)
        return run(program(source, name), limits, **{**options_of(way), **options})

    return observe

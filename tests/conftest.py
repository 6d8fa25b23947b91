"""What most tests need: running a small program under an observer."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from grader.run import ObserverName, run
from grader.trace import Limits, Trace

ROOT = Path(__file__).parent.parent

OBSERVERS: tuple[ObserverName, ...] = ("linux", "portable")

Observe = Callable[..., Trace]


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Path]:
    """Writes a program, `q6.py` unless named otherwise, into a folder of its own."""

    def write(source: str, name: str = "q6.py") -> Path:
        path = tmp_path / name
        path.write_text(dedent(source), encoding="utf-8")
        return path

    return write


@pytest.fixture(params=OBSERVERS)
def observe(request: pytest.FixtureRequest, program: Callable[..., Path]) -> Observe:
    """Runs a program's source under each observer in turn and gives its trace."""
    return _observing(request.param, program)


@pytest.fixture
def attest(program: Callable[..., Path]) -> Observe:
    """Runs a program's source under the observer with the kernel's evidence."""
    return _observing("linux", program)


def _observing(observer: ObserverName, program: Callable[..., Path]) -> Observe:
    def observe(source: str, *, seconds: float = 60, name: str = "q6.py", **options: Any) -> Trace:
        # A busy machine may be slow; only tests of the limit itself set a lower one.
        limits = Limits(wall_time=seconds)
        return run(program(source, name), limits, observer=observer, **options)

    return observe

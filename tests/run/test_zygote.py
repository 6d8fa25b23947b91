"""What is forked ahead of a run, and becomes the program or goes."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.run import keepers, zygote
from grader.run.runner import run
from grader.run.zygote import Zygote
from tests.conftest import needs_sandbox, needs_warm

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there are none")

EVERYONE = "import os, gc; print([p for p in os.listdir('/proc') if p.isdigit()], os.getpid())"


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process that has no keeper yet."""
    monkeypatch.setattr(keepers, "_here", keepers._Here())
    yield
    keepers.close()


@needs_sandbox
def test_a_program_that_begins_cold_finds_none_that_was_made_for_a_warm_one(
    program: Callable[..., Path],
) -> None:
    keepers.prepare("programs", sandboxed=True)
    trace = run(program(EVERYONE), sandbox="require", warm=True)
    own = trace.main.pid
    assert (trace.start, trace.text(own)) == ("cold", f"['1', '{own}'] {own}\n")


@needs_warm
@needs_sandbox
def test_a_program_that_begins_warm_is_alone_with_its_observer(
    program: Callable[..., Path],
) -> None:
    source = "import os\nshown = os.listdir(os.path.join('/', 'proc'))\n"
    path = program(source + "print([p for p in shown if p.isdigit()], os.getpid())")
    for _ in range(2):  # the first one's imports itself, the keeper those of all others
        trace = run(path, sandbox="require", warm=True)
        own = trace.main.pid
        assert (trace.start, trace.text(own)) == ("warm", f"['1', '{own}'] {own}\n")


@needs_warm
def test_a_run_that_was_made_ready_for_a_cold_program_can_begin_warm(
    program: Callable[..., Path],
) -> None:
    keepers._here.keeper("programs", sandboxed=False, warm=False)
    assert run(program("print(1)"), warm=True).start == "warm"


def test_one_that_is_discarded_is_gone() -> None:
    one = Zygote("programs", (), sandboxed=False)
    one.discard()
    with pytest.raises(ChildProcessError):
        os.waitpid(one.pid, 0)


def test_one_that_ends_before_it_is_ready_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zygote, "_MODULES", {"programs": "no.such.module"})
    one = Zygote("programs", (), sandboxed=False)
    with pytest.raises(OSError, match="was to become the program has ended"):
        one.wait_until_ready()
    one.discard()

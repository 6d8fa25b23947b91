"""What a run needs of the system, and what it says where that is missing."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run.runner import RunError, run
from tests.conftest import Observe

SHORT_OF_PROCESSES = """
import errno, os
from multiprocessing import Process
def fork():
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
os.fork = fork
Process(target=print).start()
"""


@pytest.mark.usefixtures("in_process")
def test_a_run_in_which_the_system_had_no_room_for_a_process_is_not_believed(
    attest: Observe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.run.reports._has_room", lambda: False)
    with pytest.raises(RunError, match="no room for another process"):
        attest(SHORT_OF_PROCESSES)


def test_where_there_is_room_who_says_that_there_was_none_is_not_believed(
    attest: Observe,
) -> None:
    trace = attest(SHORT_OF_PROCESSES)
    assert (trace.exit_code, trace.ignored_records) == (1, 1)


def test_the_portable_observer_has_nobodys_word_but_the_programs(
    program: Callable[..., Path],
) -> None:
    with pytest.raises(RunError, match="no room for another process"):
        run(program(SHORT_OF_PROCESSES), observer="portable")


@pytest.mark.parametrize(
    "deed",
    [
        "for _ in range(1500):\n    os.mkdir('d'); os.chdir('d')\nopen('f', 'w')",
        "os.mkdir('closed'); open('closed/f', 'w'); os.chmod('closed', 0)",
        "import shutil; shutil.rmtree(top)",
        "import shutil; shutil.rmtree(top); os.symlink(home, top)",
        "import shutil; shutil.rmtree(top); open(top, 'w')",
    ],
)
def test_whatever_becomes_of_its_folder_it_is_removed_and_nothing_else(
    attest: Observe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "base"))
    (tmp_path / "base").mkdir()
    (tmp_path / "home").mkdir(0o755)
    head = f"import os\nhome = {str(tmp_path / 'home')!r}\n"
    head += "os.chdir(os.environ['TMPDIR'])\ntop = os.path.dirname(os.environ['TMPDIR'])\n"
    attest(head + deed)
    assert list((tmp_path / "base").iterdir()) == []
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o755


def test_a_start_that_failed_for_another_reason_is_the_programs_own(observe: Observe) -> None:
    trace = observe(SHORT_OF_PROCESSES.replace("errno.EAGAIN", "errno.EPERM"))
    assert trace.exit_code == 1
    assert trace.unstarted == ()

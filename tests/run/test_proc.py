"""What the system tells of processes is read for what it is."""

import ctypes
import os
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux tells it")

from grader.run import proc  # noqa: E402


def test_a_pidfd_is_told_from_whatever_else_is_called_like_one(tmp_path: Path) -> None:
    (tmp_path / "anon_inode:[pidfd]").touch()
    others = [
        os.open(tmp_path / "anon_inode:[pidfd]", os.O_RDONLY),
        os.memfd_create("anon_inode:[pidfd]"),
        ctypes.CDLL(None).inotify_init(),
        *os.pipe(),
    ]
    pidfd = os.pidfd_open(os.getpid())
    try:
        assert proc.is_pidfd(pidfd)
        assert not any(map(proc.is_pidfd, others))
    finally:
        for fd in (pidfd, *others):
            os.close(fd)


def test_memory_and_page_tables_of_a_process_are_counted() -> None:
    own = proc.own_memory(os.getpid())
    kept = bytes([1]) * (64 << 20)
    assert 50 << 20 < proc.own_memory(os.getpid()) - own < 90 << 20
    del kept


def test_a_process_that_has_ended_does_not_run_though_nobody_has_waited_for_it() -> None:
    pid = os.fork()
    if not pid:
        os._exit(0)
    try:
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
        assert proc.stat(pid) is not None
        assert proc.running([pid, os.getpid()]).keys() == {os.getpid()}
    finally:
        os.waitpid(pid, 0)

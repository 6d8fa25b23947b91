"""Who inherits the orphans of a tree of processes: prctl(2), PR_SET_CHILD_SUBREAPER."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

_PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
_PR_GET_CHILD_SUBREAPER = 37

_libc = ctypes.CDLL(None, use_errno=True)


def become_subreaper() -> None:
    """See subreaper(); for good."""
    _set_child_subreaper(True)


@contextmanager
def subreaper() -> Iterator[None]:
    """Let orphans below this process become its children, however they detached themselves."""
    before = _child_subreaper()
    _set_child_subreaper(True)
    try:
        yield
    finally:
        _set_child_subreaper(before)


def _child_subreaper() -> bool:
    value = ctypes.c_int()
    _prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(value))
    return bool(value.value)


def _set_child_subreaper(on: bool) -> None:
    _prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(on))


def _prctl(option: int, argument: object) -> None:
    if _libc.prctl(option, argument, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))

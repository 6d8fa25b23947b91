"""The folder of one run: made, and removed whatever the run has made of it."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

_PREFIX = "grade-"
_LONGEST_BASE = 40
_NAME = 20
_SHORT_BASE = "/tmp"  # noqa: S108  # only to make folders with names of their own in


@contextmanager
def scratch_folder(base: Path | None = None) -> Iterator[Path]:
    """A folder of one run alone, with a folder `tmp` in it; both are removed afterwards."""
    folder = new_folder(base)
    try:
        (folder / "tmp").mkdir()
        yield folder
    finally:
        remove(folder)


def new_folder(base: Path | None = None) -> Path:
    """A folder of our own in `base`, or where temporary files lie.

    The address of a Unix socket in it, of the probe's or of multiprocessing's, has little more
    than 100 characters (unix(7)).
    """
    return _made_in(base or _short_base())


def _made_in(base: Path | str) -> Path:
    while True:
        folder = Path(base, f"{_PREFIX}{os.urandom(4).hex()}")
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            return folder


def new_base() -> Path:
    """A folder in which others can be made with `new_folder`."""
    return _made_in(_short_base(_LONGEST_BASE - _NAME))


def is_left_over(folder: Path) -> bool:
    """Whether this may be a folder that `new_base` made where temporary files lie."""
    base = Path(_short_base(_LONGEST_BASE - _NAME))
    is_named_so = folder.name.startswith(_PREFIX) and folder.parent == base
    return is_named_so and folder.is_dir() and not folder.is_symlink()


def _short_base(longest: int = _LONGEST_BASE) -> str:
    base = _temporary_folder()
    return _SHORT_BASE if len(base) > longest and os.path.isdir(_SHORT_BASE) else base


def _temporary_folder() -> str:
    """Where temporary files lie, as tempfile says, which takes longer to import than all else
    that a run without a sandbox needs: `/tmp` unless somebody has said otherwise (its
    documentation, tempfile.gettempdir).
    """
    told = any(name in os.environ for name in ("TMPDIR", "TEMP", "TMP"))
    usable = os.name == "posix" and os.access(_SHORT_BASE, os.W_OK | os.X_OK)
    if usable and not told and "tempfile" not in sys.modules:
        return _SHORT_BASE
    import tempfile

    return tempfile.gettempdir()


def remove(place: Path | str) -> None:
    """Remove a folder, also one in which a program took rights away from itself, has gone deeper
    than any path can tell, or which it has put something else in the place of. Others may be at
    it too: who grades and the observer of a run that was given up both clear it away.

    What lies deeper is brought up first, so that no path is longer than its own and one more.
    """
    folder = Path(place)
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    new = (folder / os.urandom(8).hex() for _ in count())
    while folder.is_dir():
        with _while_others_are_at_it():
            folder.chmod(0o700)
            for entry in list(os.scandir(folder)):
                with _while_others_are_at_it():
                    _take_apart(entry, new)
            folder.rmdir()


def _take_apart(entry: os.DirEntry[str], new: Iterator[Path]) -> None:
    if not entry.is_dir(follow_symlinks=False):
        os.unlink(entry.path)
        return
    os.chmod(entry.path, 0o700)
    for inner in list(os.scandir(entry.path)):
        if inner.is_dir(follow_symlinks=False):
            os.chmod(inner.path, 0o700)  # to move a folder is to write to it
            os.rename(inner.path, next(new))
        else:
            os.unlink(inner.path)
    os.rmdir(entry.path)


@contextmanager
def _while_others_are_at_it() -> Iterator[None]:
    """What is gone is removed; into what is not empty something was moved up, and it is seen to
    on the next round.
    """
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTEMPTY):
            raise

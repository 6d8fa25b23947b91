"""Writing files so that there is the whole new one or still the old one, never a half."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISDIR, S_ISREG


class UnwritableError(Exception):
    """A place where nothing can be written; one line for people."""


def write_file(target: Path, chunks: Iterable[bytes]) -> None:
    """Write a file, or replace it once all is written. Raises UnwritableError."""
    place = _place_of(target)
    with _told(target):
        _refuse_what_is_no_file(target, place)
        _replace(place, chunks)


def keep_file(place: Path, data: bytes) -> None:
    """Write a file, or leave it alone where it says the same already. Raises OSError."""
    with suppress(OSError):
        if place.stat().st_size == len(data) and place.read_bytes() == data:
            return
    _replace(place, [data])


def _replace(place: Path, chunks: Iterable[bytes]) -> None:
    temporary = _beside(place)
    try:
        # Not tempfile's, which nobody else may read: who is to read it is the umask's to say.
        with temporary.open("xb") as file:
            file.writelines(chunks)
        temporary.replace(place)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_files(folder: Path, files: Iterable[tuple[str, bytes]]) -> int:
    """Write files into a folder, which is made if it is not there, and tell how many.

    None of them is put in its place before all are written. Raises UnwritableError.
    """
    made = not folder.exists()
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        waiting = _beside(folder / "files")
        waiting.mkdir()
    names: list[str] = []
    try:
        for name, data in files:
            with _told(folder):
                (waiting / name).write_bytes(data)
            names.append(name)
        for name in names:
            with _told(folder / name):
                (waiting / name).replace(folder / name)
    finally:
        with suppress(OSError):
            for left in waiting.iterdir():
                left.unlink()
            waiting.rmdir()
            if made:
                folder.rmdir()  # which fails where there is something in it
    return len(names)


def _place_of(target: Path) -> Path:
    """Where a file really is: a link to it stays one."""
    with _told(target):
        try:
            return target.resolve()
        except ValueError as error:  # for a name with a NUL in it
            raise UnwritableError(f"{str(target)!r} cannot be written: {error}.") from error


def _refuse_what_is_no_file(target: Path, place: Path) -> None:
    try:
        mode = place.stat().st_mode
    except FileNotFoundError:
        if not place.parent.is_dir():
            raise UnwritableError(
                f"{target} cannot be written, for there is no folder {place.parent}: make it."
            ) from None
        return
    if S_ISDIR(mode):
        raise UnwritableError(f"{target} is a folder: name a file in it.")
    if not S_ISREG(mode):
        raise UnwritableError(f"{target} is a pipe or a device: name a file.")


def _beside(place: Path) -> Path:
    return place.with_name(f".{place.name[:40]}.{os.urandom(4).hex()}.tmp")


@contextmanager
def _told(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnwritableError(
            f"{target} cannot be written: {error.strerror or error}. What was there is kept."
        ) from error

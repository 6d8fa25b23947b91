"""What a PATH of a class holds: a folder, a .zip or a .tar, all read in one way."""

import os
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import BinaryIO

from grader.load.content import NothingThereError, UnreadableError, unreadable
from grader.load.members import (
    ENDLESS,
    LARGE,
    LARGEST_MEMBER,
    LINK,
    OF_A_CLASS,
    ArchiveError,
    Bounds,
    Member,
    MemberError,
    Tree,
    is_junk_folder,
    last_of_each,
    path_meant,
    readable,
    too_many,
)
from grader.load.members import unreadable as cannot_be_read
from grader.load.tars import BLOCK, TarTree, is_tar
from grader.load.zips import ZipTree

ALSO_NAMED = "has another name elsewhere (a hard link), and was left out: hand in a copy"
_OTHERS = {
    b"Rar!\x1a\x07": "is a RAR archive, which cannot be opened here",
    b"7z\xbc\xaf\x27\x1c": "is a 7-Zip archive, which cannot be opened here",
    b"\x28\xb5\x2f\xfd": "is a Zstandard archive, which cannot be opened here",
}


def open_tree(path: Path, names: Iterable[str] | None = None) -> Tree:
    """The files below a folder or in an archive; of a folder only those with these names.

    Raises UnreadableError, with one line for people, if it is neither, or cannot be read.
    """
    try:
        return _tree(path, path.stat().st_mode, names)
    except ArchiveError as error:
        raise UnreadableError(
            f"{path} {error}: give a folder, a .zip or a .tar with all that was handed in."
        ) from error
    except FileNotFoundError as error:
        raise NothingThereError(f"{path} is not there, or not any more.") from error
    except OSError as error:
        raise unreadable(path, error) from error


def _tree(path: Path, mode: int, names: Iterable[str] | None) -> Tree:
    if S_ISDIR(mode):
        return FolderTree(path, OF_A_CLASS, names)
    if not S_ISREG(mode):
        raise ArchiveError("is neither a folder nor an archive")
    file = path.open("rb")
    try:
        return open_archive(path.name, file, OF_A_CLASS)
    except BaseException:
        file.close()
        raise


def open_archive(name: str, file: BinaryIO, bounds: Bounds) -> Tree:
    """The files in an archive, whatever it is called. Raises ArchiveError.

    Its end tells a .zip, so a .tar that holds one is told from it by its start.
    """
    file.seek(0)
    start = file.read(BLOCK)
    for magic, reason in _OTHERS.items():
        if start.startswith(magic):
            raise ArchiveError(reason)
    return (TarTree if is_tar(start) else ZipTree)(name, file, bounds)


class FolderTree(Tree):
    """The files below a folder, without those that nobody wrote, such as a repository's own; or
    those that are named, which lie in the folder itself.

    Each is marked with the place of its name, as the system has it, in a list.
    """

    def __init__(self, path: Path, bounds: Bounds, names: Iterable[str] | None = None) -> None:
        """List what there is. Raises ArchiveError, or OSError if the folder cannot be read."""
        self._top = path.resolve(strict=True)
        named = self._top if path.name in ("", "..") else path
        self.name = named.name or str(self._top)
        self._bounds = bounds
        self._names: list[str] = []
        self._found: list[Member] = []
        if names is None:
            self._look_into_all()
        else:
            for name in names:
                self._add_file(name, (self._top / name).lstat)
        self.members = last_of_each(sorted(self._found, key=lambda member: member.path))

    def _look_into_all(self) -> None:
        folders = [*self._look_into("")]
        while folders:
            folder = folders.pop()
            try:
                folders += self._look_into(folder)
            except OSError as error:
                self._add(folder, 0, 0.0, cannot_be_read(error))

    def _look_into(self, folder: str) -> list[str]:
        """Add the files of a folder; the folders in it that are to be looked into as well."""
        with os.scandir(self._top / folder) as found:
            entries = list(found)
        folders = []
        beside = frozenset(entry.name for entry in entries)
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            if not entry.is_dir(follow_symlinks=False):
                self._add_file(name, partial(entry.stat, follow_symlinks=False))
            elif not is_junk_folder(entry.name, beside):
                _, problem = _path(name)
                if problem:
                    self._add(name, 0, 0.0, problem)
                else:
                    folders.append(name)
        return folders

    def _add_file(self, name: str, look: Callable[[], os.stat_result]) -> None:
        try:
            state = look()
        except OSError as error:
            self._add(name, 0, 0.0, cannot_be_read(error))
            return
        self._add(name, state.st_size, state.st_mtime, _problem(state))

    def _add(self, name: str, size: int, modified: float, problem: str) -> None:
        if len(self._found) == self._bounds.members:
            raise too_many(self._bounds)
        path, unsafe = _path(name)
        self._found.append(Member(path, size, modified, unsafe or problem, len(self._names)))
        # Nearly always the two are the same, and need not be kept twice.
        self._names.append(path if path == name else name)

    def _read(self, member: Member) -> bytes:
        place = self._top / self._names[member.at]
        # A folder may have been replaced by a link since, or be one in a way of Windows' own.
        if place.parent.resolve() != place.parent:
            raise MemberError(LINK)
        with open(place, "rb", opener=_opened) as file:
            problem = _problem(os.fstat(file.fileno()))
            data = b"" if problem else file.read(LARGEST_MEMBER + 1) or b""
        if len(data) > LARGEST_MEMBER:
            problem = LARGE
        if problem:
            raise MemberError(problem)
        return data

    def close(self) -> None:
        """Nothing is open between one file and the next."""


def _path(name: str) -> tuple[str, str]:
    return path_meant(readable(os.fsencode(name), "cp1252"))


def _problem(state: os.stat_result) -> str:
    if S_ISLNK(state.st_mode):
        return LINK
    if not S_ISREG(state.st_mode):
        return ENDLESS
    # Whoever may write to the folder can give any file of the system a name there.
    if state.st_nlink > 1:
        return ALSO_NAMED
    return LARGE if state.st_size > LARGEST_MEMBER else ""


def _opened(path: str, flags: int) -> int:
    # What has come in the place of a file since would lead elsewhere, or hold up who opens it.
    kept = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | kept)

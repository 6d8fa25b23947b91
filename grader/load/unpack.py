"""What one learner handed in, with the archives among it opened."""

import io
import os
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import accumulate
from posixpath import commonpath

from msgspec import Struct

from grader.handed_in import HandedInFile
from grader.limits import MOST_BYTES, MOST_FILES
from grader.load.content import size
from grader.load.members import (
    OF_A_SUBMISSION,
    ArchiveError,
    Member,
    MemberError,
    Tree,
    path_meant,
    shown,
    without_junk,
)
from grader.load.trees import open_archive

_MOST_ARCHIVES = 10
_DEEPEST = 2
"""Archives one within another that are opened."""

_MOST_FINDINGS = 20

_ARCHIVES = re.compile(
    r"\.(zip|tar|tgz|tbz2?|txz|gz|bz2|xz|z|zst|rar|7z|zipx|lzma|lz|cab|arj)$", re.IGNORECASE
)
"""What is opened, if it can be, going by its name: many other files are archives as well, such
as documents and arrays, and the program that reads one wants it as it is.
"""

_PROGRAMS = (".py", ".ipynb")

_ON_WINDOWS = os.name == "nt"
_NOT_ON_WINDOWS = re.compile(
    r"""[<>:"|?*]|[ .](?:/|$)|(?:^|/)(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)""", re.IGNORECASE
)
"""To write to such a name there fails, or writes to another place
(learn.microsoft.com/windows/win32/fileio/naming-a-file).
"""

Files = tuple[HandedInFile, ...]
Findings = tuple[str, ...]


def collected(tree: Tree, placed: Iterable[tuple[str, Member]]) -> tuple[Files, Findings]:
    """The files of one learner in a tree, each with its path in the submission, and findings.

    Programs come first, as far as a submission's room goes. What nobody wrote is left out.
    """
    work = _Work()
    wanted = without_junk([_Placed(*each) for each in placed])
    for each in sorted(wanted, key=lambda each: _order(each.path)):
        data = work.read(tree, each.member, shown(each.path))
        if data is not None:
            work.add(each.path, data, shown(each.path))
    return work.done()


def unpacked(files: Sequence[HandedInFile]) -> tuple[Files, Findings]:
    """The files of one learner with the archives among them opened, and findings.

    What is in an archive goes where the archive was, without the folder that all of it is in;
    of the whole as well, such a folder is left out. Of two files with one path the one remains
    that was in no archive, or in the first by name. An archive that cannot be opened remains
    a file.

    The paths are safe to write to: no two of them are in each other's way, and none leads out.
    """
    work = _Work()
    for file in sorted(without_junk(files), key=lambda file: _order(file.path)):
        if _is_archive(file.path):
            work.open(file, shown(file.path), 1)
        elif work.has_room(len(file.data)):
            work.add(file.path, file.data, shown(file.path))
    found, findings = work.done()
    top = _common_folder([file.path for file in found])
    return tuple(HandedInFile(file.path[len(top) :], file.data) for file in found), findings


def digest(files: Iterable[HandedInFile]) -> str:
    """A hash of the paths and the bytes of files, in whatever order they come."""
    total = sha256()
    for file in sorted(files, key=lambda file: (file.path, file.data)):
        for part in (file.path.encode("utf-8", "surrogatepass"), file.data):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


class _Placed(Struct, frozen=True):
    """A member, and its path in the submission."""

    path: str
    member: Member


class _Work:
    """What has been read of a submission so far."""

    def __init__(self) -> None:
        self._files: dict[str, HandedInFile] = {}
        self._folders: set[str] = set()
        self._findings: list[str] = []
        self._files_left = MOST_FILES
        self._bytes_left = MOST_BYTES
        self._archives_left = _MOST_ARCHIVES
        self._left_out = 0

    def done(self) -> tuple[Files, Findings]:
        """The files in the order of their paths, and not too many findings."""
        told = self._findings[:_MOST_FINDINGS]
        if len(self._findings) > len(told):
            told.append(f"{len(self._findings) - len(told):,} more files were left out likewise.")
        if self._left_out:
            told.append(
                f"{self._left_out:,} {'file was' if self._left_out == 1 else 'files were'} left "
                f"out: a submission has room for {MOST_FILES:,} files and {size(MOST_BYTES)}, "
                "and its programs come first."
            )
        return tuple(self._files[path] for path in sorted(self._files)), tuple(told)

    def has_room(self, count: int) -> bool:
        """Whether there is room for so many bytes in a file, which they then take."""
        if not self._files_left or count > self._bytes_left:
            self._left_out += 1
            return False
        self._files_left -= 1
        self._bytes_left -= count
        return True

    def read(self, tree: Tree, member: Member, called: str) -> bytes | None:
        """The bytes of a member, if they can be read and there is room."""
        try:
            # What cannot be read takes its room as well: it may have taken as long.
            if not member.problem and not self.has_room(member.size):
                return None
            return tree.read(member)
        except MemberError as error:
            self._findings.append(f"{called} {error}.")
            return None

    def add(self, path: str, data: bytes, called: str) -> None:
        """Take a file, unless its path is not safe or taken."""
        path, problem = path_meant(path)
        if _ON_WINDOWS and _NOT_ON_WINDOWS.search(path):
            problem = problem or "has a name that Windows has no files of, and was left out"
        if problem:
            self._findings.append(f"{called} {problem}.")
            return
        known = self._files.get(path)
        if known is not None and known.data == data:
            return
        above = [*accumulate(path.split("/")[:-1], "{}/{}".format)]
        if known is not None or path in self._folders or not self._files.keys().isdisjoint(above):
            self._findings.append(
                f"{called} was left out: something else was handed in as {shown(path)}."
            )
            return
        self._files[path] = HandedInFile(path, data)
        self._folders.update(above)

    def open(self, file: HandedInFile, called: str, depth: int) -> None:
        """Take what is in an archive, or the archive if it cannot be opened."""
        try:
            tree = self._opened(file, called, depth)
        except (ArchiveError, OSError) as error:
            self._findings.append(
                f"{called} {error}, and was left as it is: hand in the files, or one .zip of them."
            )
            if depth > 1 or self.has_room(len(file.data)):
                self.add(file.path, file.data, called)
            return
        with tree:
            self._take_all(tree, file.path.rpartition("/")[0], called, depth)

    def _opened(self, file: HandedInFile, called: str, depth: int) -> Tree:
        if depth > _DEEPEST:
            raise ArchiveError("lies in an archive within an archive")
        if not self._archives_left:
            raise ArchiveError(f"is one of more than {_MOST_ARCHIVES} archives")
        self._archives_left -= 1
        return open_archive(called, io.BytesIO(file.data), OF_A_SUBMISSION)

    def _take_all(self, tree: Tree, folder: str, called: str, depth: int) -> None:
        members = without_junk(tree.members)
        if not members:
            self._findings.append(f"{called} has no file in it.")
        top = _common_folder([member.path for member in members if not member.problem])
        for member in sorted(members, key=lambda member: _order(member.path)):
            which = f"{called}: its member {shown(member.path)}"
            data = self.read(tree, member, which)
            if data is None:
                continue
            path = member.path[len(top) :]
            file = HandedInFile(f"{folder}/{path}" if folder else path, data)
            if _is_archive(member.path):
                self.open(file, f"{called}/{shown(member.path)}", depth + 1)
            else:
                self.add(file.path, file.data, which)


def _order(path: str) -> tuple[bool, bool, str]:
    return _is_archive(path), not path.endswith(_PROGRAMS), path


def _is_archive(path: str) -> bool:
    return _ARCHIVES.search(path) is not None


def _common_folder(paths: Sequence[str]) -> str:
    """The folder that all are in, with a / behind it; "" if there is none."""
    if not paths:
        return ""
    shared = commonpath([path.rpartition("/")[0] for path in paths])
    return f"{shared}/" if shared else ""

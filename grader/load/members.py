"""The files of a folder or an archive: what they are called, and which are not to be read."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain
from types import TracebackType
from typing import Protocol, Self, TypeVar
from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from grader.handed_in import GRADEBOOK
from grader.load.content import LARGEST_NOTEBOOK, size

LARGEST_MEMBER = LARGEST_NOTEBOOK
"""Bytes of a file that are read, whatever its archive says of it."""

LONGEST_PATH = 1000
LONGEST_PART = 255
"""Bytes of a file's name in nearly every file system."""

MOST_PARTS = 50
_SHOWN = 100
"""Characters of a path that a finding quotes."""

LEADS_OUT = "leads out of the archive, and was left out"
CONTROL = "has a name with control characters, and was left out: rename it"
NO_NAME = "has no name, and was left out"
LONG_NAME = f"has a name of more than {LONGEST_PART} bytes, and was left out: rename it"
LONG_PATH = (
    f"has a path of more than {LONGEST_PATH} characters or {MOST_PARTS} folders, and was left out"
)
TWICE = "is there more than once, and only the last one was read"
LINK = "is a link, and was left out: hand in a copy of the file itself"
ENDLESS = "is a pipe or a device, and was left out"
LARGE = f"is larger than {size(LARGEST_MEMBER)}, which no answer is, and was left out"
LOCKED = "is locked with a password, and was left out: hand it in without one"
UNUSUAL = (
    "is stored in a way that cannot be read here, and was left out: make the archive anew, "
    "as a plain .zip"
)
DAMAGED = "is damaged, and was left out: make the archive anew"

_LEADS_OUT = re.compile(r"/|(?:.*/)?(?:[A-Za-z]:|\.\.(?:/|$))", re.DOTALL)
"""A drive is one wherever it stands: the folders before it may be left out later."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Member(Struct, frozen=True):
    """A file of a tree.

    `path` has / between its parts, and is in Unicode's composed form (NFC), whatever the
    system or the tool that wrote it makes of names. `size` is in bytes, `modified` in seconds
    since the epoch, 0.0 where unknown.

    `problem` is why the file is not read, "" where it is: a finding that reads on from the
    name of the file. Only where it is "" is the path sure to be safe: relative, without ".."
    and what else leads away, and short enough for any file system.

    `at` tells the tree where the file is.
    """

    path: str
    size: int
    modified: float
    problem: str = ""
    at: int = 0


class MemberError(ValueError):
    """A member that turns out not to be readable, with a finding such as Member.problem."""


class ArchiveError(ValueError):
    """An archive that cannot be read at all; why, to read on from its name."""


class Tree(ABC):
    """The files of a folder or an archive. They are read one at a time, as often as one likes.

    Nothing is ever unpacked, and no link followed. `name` is for people. What is open has to
    be closed: `with open_tree(path) as tree`.
    """

    name: str
    members: tuple[Member, ...]

    def read(self, member: Member) -> bytes:
        """The bytes of one of its members. Raises MemberError."""
        if member.problem:
            raise MemberError(member.problem)
        try:
            return self._read(member)
        except OSError as error:
            raise MemberError(unreadable(error)) from error

    @abstractmethod
    def _read(self, member: Member) -> bytes: ...

    @abstractmethod
    def close(self) -> None:
        """Let go of the files that are open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Bounds(Struct, frozen=True):
    """The most entries of a tree, and the most bytes that a compressed tar may unpack to."""

    members: int
    unpacked: int


OF_A_CLASS = Bounds(1_000_000, 4 << 30)
OF_A_SUBMISSION = Bounds(50_000, 128 << 20)
"""Room for the environments and caches that get into an archive by mistake."""


def too_many(bounds: Bounds) -> ArchiveError:
    """What to raise for a tree of more members than that."""
    return ArchiveError(f"holds more than {bounds.members:,} files")


def unreadable(error: OSError) -> str:
    """The finding where the system does not let a file be read."""
    return f"cannot be read ({error.strerror or error})"


def readable(name: bytes, otherwise: str) -> str:
    """A file's name as text: UTF-8 if it can be, which hardly anything else is by chance."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode(otherwise, "replace")


def path_meant(name: str) -> tuple[str, str]:
    r"""The path that a name means, and the problem with it, or "".

    Windows has \ between the parts. Unicode's composed form is what Python looks for when a
    program imports a module. Names that Windows alone forbids are left as they are. A path
    that is too long is cut.
    """
    path = normalize("NFC", name.replace("\\", "/"))
    if _LEADS_OUT.match(path):
        return path[:LONGEST_PATH], LEADS_OUT
    parts = [part for part in path.split("/") if part not in {"", "."}]
    path = "/".join(parts)
    if len(path) > LONGEST_PATH or len(parts) > MOST_PARTS:
        return path[:LONGEST_PATH], LONG_PATH
    if _CONTROL.search(path):
        return path, CONTROL
    if any(len(part.encode()) > LONGEST_PART for part in parts):
        return path, LONG_NAME
    return path, "" if path else NO_NAME


def last_of_each(members: Sequence[Member]) -> tuple[Member, ...]:
    """The members, but where several have one path, all except the last with that problem.

    It is the last that remains when an archive is unpacked.
    """
    last = {member.path: place for place, member in enumerate(members)}
    if len(last) == len(members):
        return tuple(members)
    return tuple(
        member if last[member.path] == place else replace(member, problem=member.problem or TWICE)
        for place, member in enumerate(members)
    )


def shown(path: str) -> str:
    """A path as a finding quotes it: in one line, and cut if it is long."""
    text = path if len(path) <= _SHOWN else f"{path[: _SHOWN - 3]}..."
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )


# -- what systems and tools leave beside somebody's work -----------------------------------

_FOLDERS = frozenset({"__macosx", "__pycache__", "node_modules"})
_FILES = frozenset({"thumbs.db", "desktop.ini"})
_INSTALLED = frozenset({"bin", "doc", "etc", "include", "lib", "lib64", "scripts", "share"})
"""The folders of a virtual environment. What else is in its folder is somebody's work: people
make an environment where their program is, and hand in both.
"""

_ENVIRONMENT = "pyvenv.cfg"
_PROGRAMS = (".py", ".ipynb")


class _Named(Protocol):
    @property
    def path(self) -> str: ...


_Item = TypeVar("_Item", bound=_Named)


def without_junk(items: Sequence[_Item]) -> list[_Item]:
    """Without hidden files and folders, caches, what is installed in an environment, and what a
    batch of ours wrote.

    A hidden file is kept if it may be an answer that was saved without a name, as ".py".
    """
    environments = _folders_with(_ENVIRONMENT, items)
    results = _folders_with(GRADEBOOK, items) - {""}
    if results:  # whoever has a program there has handed it in
        programs = (item.path for item in items if item.path.lower().endswith(_PROGRAMS))
        results = results.difference(chain.from_iterable(map(_above, programs)))
    return [item for item in items if not _is_junk(item.path, environments, results)]


def _folders_with(name: str, items: Iterable[_Named]) -> set[str]:
    parts = (item.path.rpartition("/") for item in items)
    return {folder for folder, _, file in parts if file == name}


def _above(path: str) -> Iterator[str]:
    """The folders that a file is in, from the outermost."""
    return accumulate(path.split("/")[:-1], "{}/{}".format)


def is_junk_folder(name: str, beside: frozenset[str]) -> bool:
    """Whether nothing in a folder is anybody's work, going by the names in the one around it."""
    folded = name.lower()
    installed = folded in _INSTALLED and _ENVIRONMENT in beside
    return name.startswith(".") or folded in _FOLDERS or installed


def _is_junk(path: str, environments: set[str], results: set[str]) -> bool:
    if _is_junk_file(path.rpartition("/")[2]):
        return True
    above = ""
    for folder in _above(path):
        beside = frozenset({_ENVIRONMENT} if above in environments else ())
        part = folder.rpartition("/")[2]
        # Dots alone hide nothing: they lead elsewhere, or nowhere.
        if folder in results or (part.strip(".") and is_junk_folder(part, beside)):
            return True
        above = folder
    return False


def _is_junk_file(name: str) -> bool:
    if name.startswith("."):
        # ._ is the other half of a file on a Mac, .# the lock of an editor.
        return name.startswith(("._", ".#")) or not name.endswith(_PROGRAMS)
    return name == _ENVIRONMENT or name.endswith((".pyc", ".pyo")) or name.lower() in _FILES

"""What the layouts share: the files of a download, and what one says of each of them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from hashlib import sha256

from msgspec import Struct

from grader.handed_in import Learner
from grader.load.content import NotAProgramError
from grader.load.members import Member, shown
from grader.phrases import first_of

LONGEST_NAME = 120
"""Characters of a learner's id or name: no more than a table or a file name can hold."""

PROGRAMS = (".py", ".ipynb")
OPENED = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
ARCHIVES = (*OPENED, ".7z", ".rar")
"""What may hold a program. Of one that cannot be opened its learner is to be told."""

Order = tuple[tuple[int, int, str], ...]
"""What attempts are sorted by: numbers by their value."""


class CollectError(NotAProgramError):
    """Nobody's submissions can be told from what was asked for; one line, with the remedy."""


class Item(Struct, frozen=True):
    """One file of a download, and its path there as far as a layout looks at it."""

    path: str
    member: Member


class Listing(Struct, frozen=True):
    """The files of a download. `name` is that of the folder or archive that they lie in."""

    name: str
    items: tuple[Item, ...]
    read: Callable[[Member], bytes]


class Entry(Struct, frozen=True, kw_only=True):
    """A file that is somebody's: whose, and its path in what they handed in.

    Files of one learner with the same `attempt` belong together; the attempt that sorts last is
    the last. `number` says which it is, and `of` how many there were, 0 where nothing tells.

    `named` is the name in the download that the learner's id was made of by `tidy`, and "" where
    a system numbers them.
    """

    learner: Learner
    path: str
    member: Member
    named: str = ""
    attempt: Order = ()
    number: int = 0
    of: int = 0
    late: bool = False
    handed_in: str = ""


class Reading(Struct, frozen=True, kw_only=True):
    """A download as a layout reads it. `strays` are the files that it makes nobody's.

    `what` says for people what it was taken for. `sure` is whether more speaks for it than that
    its names can be read so. `refused` says why it cannot be told who handed in what.
    """

    what: str
    entries: tuple[Entry, ...]
    strays: tuple[Item, ...] = ()
    remarks: tuple[str, ...] = ()
    sure: bool = True
    refused: str = ""


def tidy(text: str) -> str:
    """A learner's id or name on one line, composed as most systems write it, and not too long.

    An archive made on a Mac has the letters of a name and their accents one by one.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in composed)
    line = " ".join(spaced.split())
    if len(line) <= LONGEST_NAME:
        return line
    mark = sha256(line.encode()).hexdigest()[:8]  # two that begin alike stay two
    return f"{line[: LONGEST_NAME - 9]}~{mark}"


def some(names: Iterable[str]) -> str:
    """The first few names, and how many more there are."""
    return first_of([shown(name) for name in names], 5)


def natural(text: str) -> Order:
    """What to sort a text by so that attempt 10 comes after attempt 9."""
    parts = re.findall(r"([0-9]+)|([^0-9]+)", text)
    return tuple((0, int(number), "") if number else (1, 0, words) for number, words in parts)


def inside(path: str) -> str:
    """A path without a way out of the folder that it is in."""
    parts = path.replace("\\", "/").split("/")
    return "/".join(part for part in parts if part.strip() not in ("", ".", ".."))


def split_suffix(name: str) -> tuple[str, str]:
    """A file's name before its suffix, and the suffix: both parts of .tar.gz."""
    found = re.search(r"(?i)(\.tar)?\.[^.]+$", name)
    end = found.start() if found else 0
    return (name[:end], name[end:]) if end else (name, "")

"""Reading a file that somebody handed in: one that ends, and is no longer than an answer."""

import os
from pathlib import Path
from stat import S_ISREG

LARGEST_SOURCE = 256 << 10
"""Bytes of a program, and of the code of a notebook. The longest answers have some hundred lines:
what has five thousand is data, or a mistake. To look through as much takes some seconds.
"""

LONGEST_PARSED = 1 << 17
"""Bytes or characters of a source that is parsed, which is done several times over; a longer one
is run as it is, and counts as no skeleton.
"""

LARGEST_NOTEBOOK = 16 << 20
"""Bytes of a notebook with all its outputs: room for plots. To read one takes some thirty times
as much memory.
"""

_REMEDIES = {
    LARGEST_SOURCE: "hand in the program alone, and the data that it reads in a file beside it.",
    LARGEST_NOTEBOOK: "clear the outputs of all its cells, save it, and hand that in.",
}


class NotAProgramError(ValueError):
    """A submission that is no Python program."""


class TooLargeError(NotAProgramError):
    """A file that is longer than any answer, which has not been read."""


class UnreadableError(NotAProgramError):
    """A file that the system does not let be read, or not to an end."""


class NothingThereError(UnreadableError, FileNotFoundError):
    """A file that is not there, or not any more."""


def is_there(path: Path) -> bool:
    """Whether there is a file or a folder; not where a name is too long, or not to be seen."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True


def content(path: Path, at_most: int) -> bytes:
    """The bytes of a file, one of the sizes above at most.

    A pipe, a device or a folder is never opened: to read from one may take for ever, and to
    open one may do something. Raises TooLargeError or UnreadableError, with one line for people.
    """
    try:
        _refuse_what_has_no_end(path, path.stat())
        with open(path, "rb", opener=_opened) as file:
            # What was looked at before may have been replaced since.
            found = os.fstat(file.fileno())
            _refuse_what_has_no_end(path, found)
            data = b"" if found.st_size > at_most else file.read(at_most + 1) or b""
    except FileNotFoundError as error:
        raise NothingThereError(f"{path} is not there, or not any more.") from error
    except OSError as error:
        raise unreadable(path, error) from error
    if max(len(data), found.st_size) > at_most:
        raise TooLargeError(
            f"{path} is larger than {size(at_most)}, which no answer is: {_REMEDIES[at_most]}"
        )
    return data


def size(count: int) -> str:
    """A number of bytes in words."""
    return f"{count >> 20} MiB" if count >= 1 << 20 else f"{count >> 10} KiB"


def unreadable(path: Path, error: OSError) -> UnreadableError:
    """What to raise where the system does not let a file be read."""
    return UnreadableError(f"{path} cannot be read: {error.strerror or error}.")


def _refuse_what_has_no_end(path: Path, found: os.stat_result) -> None:
    if not S_ISREG(found.st_mode):
        raise UnreadableError(f"{path} is no file with an end, but a folder, a pipe or a device.")


def _opened(path: str, flags: int) -> int:
    # A pipe that has come in the place of a file would hold up who opens it.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))

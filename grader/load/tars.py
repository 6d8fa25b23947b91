"""A .tar, compressed or not, read once from front to end.

Python's tarfile reads a header of any length that an archive claims, in several versions with
patterns that take ages (CVE-2024-6232), and unpacks a compressed archive from its start again for
each member that is out of order. So only what a header means is asked of it here; and what
compressed archives hold is kept, members that nobody would read left out, in a temporary file
without a name. The format is in POSIX (pax, "ustar Interchange Format") and GNU tar's manual.
"""

import bz2
import gzip
import lzma
import os
import tarfile
import zlib
from collections.abc import Iterator
from math import isfinite
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Protocol

from msgspec.structs import replace

from grader.load.content import size
from grader.load.members import (
    DAMAGED,
    ENDLESS,
    LARGE,
    LARGEST_MEMBER,
    LINK,
    UNUSUAL,
    ArchiveError,
    Bounds,
    Member,
    MemberError,
    Tree,
    last_of_each,
    path_meant,
    readable,
    too_many,
)

BLOCK = 512
_LONGEST_HEADER = 1 << 20
"""Bytes of a name, or of what is told of a member in an extended header."""

_TOLD = (b"path", b"size", b"mtime")
_SPARSE = b"GNU.sparse"
"""Stands for all that is told of the holes in a file that was stored without them."""

_MOST_RECORDS = 100
_MOST_DIGITS = 15
_IN_MEMORY = 32 << 20
_CHUNK = 1 << 20

_GZIP, _BZIP2, _XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
_PACKED = (_GZIP, _BZIP2, _XZ)
_PACKED_BADLY = (OSError, EOFError, MemoryError, ValueError, zlib.error, lzma.LZMAError)
"""What the modules that unpack raise for data that are damaged. An xz may ask for any memory."""

_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_WITHOUT_DATA = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)


class TarTree(Tree):
    """The members of a .tar. Each is marked with the place of its data."""

    def __init__(self, name: str, file: BinaryIO, bounds: Bounds) -> None:
        """Read all headers. Raises ArchiveError."""
        self.name = name
        self._file = file
        self._data: IO[bytes] = file
        length = file.seek(0, os.SEEK_END)
        file.seek(0)
        packed = _opened(file)
        if packed is None:
            members = _members(_Stream(file, length, "is cut off"), None, bounds)
        else:
            large = f"unpacks to more than {size(bounds.unpacked)}"
            self._data = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
            members = _members(_Stream(packed, bounds.unpacked, large), self._data, bounds)
        try:
            self.members = last_of_each([*members])
        except BaseException:
            if self._data is not file:
                self._data.close()
            raise

    def _read(self, member: Member) -> bytes:
        self._data.seek(member.at)
        data = self._data.read(member.size)
        if len(data) < member.size:
            raise MemberError(DAMAGED)
        return data

    def close(self) -> None:
        """Let go of the archive, and of what it unpacked to."""
        self._data.close()
        self._file.close()


def is_tar(start: bytes) -> bool:
    """Whether a file that begins so may be a tar, compressed or not."""
    block = start[:BLOCK]
    if start.startswith(_PACKED):
        return True
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        # Where there is no member, there are blocks of zeros.
        return len(block) == BLOCK and not any(block)
    return True


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, /) -> int: ...


def _opened(file: BinaryIO) -> _Readable | None:
    """What unpacks a compressed file; None if it is not compressed."""
    magic = file.read(max(map(len, _PACKED)))
    file.seek(0)
    if magic.startswith(_GZIP):
        return gzip.GzipFile(fileobj=file)
    if magic.startswith(_BZIP2):
        return bz2.BZ2File(file)
    return lzma.LZMAFile(file) if magic.startswith(_XZ) else None


class _Stream:
    """A file that is read forwards, and no further than to a bound."""

    def __init__(self, file: _Readable, most: int, beyond: str) -> None:
        self.at = 0
        self._file = file
        self._most = most
        self._beyond = beyond

    def read(self, count: int) -> bytes:
        """So many bytes, or fewer at the end."""
        try:
            data = self._file.read(count)
        except _PACKED_BADLY as error:
            raise ArchiveError("is damaged or cut off") from error
        self._advance(len(data))
        return data

    def exactly(self, count: int) -> bytes:
        data = self.read(count)
        if len(data) < count:
            raise ArchiveError("is cut off")
        return data

    def skip(self, count: int) -> None:
        self._advance(count)
        try:
            self._file.seek(self.at)
        except _PACKED_BADLY as error:
            raise ArchiveError("is damaged or cut off") from error

    def _advance(self, count: int) -> None:
        self.at += count
        if self.at > self._most:
            raise ArchiveError(self._beyond)


def _members(stream: _Stream, store: IO[bytes] | None, bounds: Bounds) -> Iterator[Member]:
    """The members up to the end. The bytes of those to be read are put into the store."""
    told: dict[bytes, bytes] = {}
    headers = 0
    while any(block := stream.read(BLOCK)):
        headers += 1
        if headers > bounds.members:
            raise too_many(bounds)
        info = _info(block)
        if info.type in _EXTENDED:
            told |= _told(info, stream)
            continue
        length = _length(info, told)
        member = _member(info, length, told)
        told = {}
        _skip_map(info, block, stream)
        padding = -length % BLOCK
        at = stream.at
        if store is not None and member is not None and not member.problem:
            at = store.tell()
            store.write(stream.exactly(length))
        else:
            stream.skip(length)
        if member is not None:
            yield replace(member, at=at)
        stream.skip(padding)
    if not block:
        raise ArchiveError("is cut off")
    if store is not None:
        # Only behind the last byte is the sum that tells whether all of them are right.
        while stream.read(_CHUNK):
            pass


def _info(block: bytes) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except tarfile.HeaderError as error:
        # This is also what a block is called that is not whole.
        raise ArchiveError("is damaged or cut off") from error
    if info.size < 0:
        raise ArchiveError("is damaged")
    return info


def _told(info: tarfile.TarInfo, stream: _Stream) -> dict[bytes, bytes]:
    """What stands before a member and is about it."""
    if info.size > _LONGEST_HEADER:
        raise ArchiveError("is damaged")
    data = stream.exactly(info.size)
    stream.skip(-info.size % BLOCK)
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {b"path": data.partition(b"\0")[0]}
    told: dict[bytes, bytes] = {}
    if info.type == tarfile.GNUTYPE_LONGLINK:
        return told
    at = 0
    for _ in range(_MOST_RECORDS):
        if at >= len(data):
            return told
        # Each record has its own length first: "18 path=some/where\n".
        length, _, _ = data[at : at + 10].partition(b" ")
        count = _number(length)
        key, _, value = data[at + len(length) + 1 : at + count - 1].partition(b"=")
        if key in _TOLD:
            told[key] = value
        elif key.startswith(b"GNU.sparse."):
            told[_SPARSE] = b""
        at += count
    raise ArchiveError("is damaged")


def _number(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > _MOST_DIGITS:
        raise ArchiveError("is damaged")
    return int(digits)


def _length(info: tarfile.TarInfo, told: dict[bytes, bytes]) -> int:
    """How many bytes of data stand behind a header."""
    if info.type in _WITHOUT_DATA:
        return 0
    return _number(told[b"size"]) if b"size" in told else info.size


def _skip_map(info: tarfile.TarInfo, block: bytes, stream: _Stream) -> None:
    """Where the holes of a file are that was stored without them, in the older way."""
    more = info.type == tarfile.GNUTYPE_SPARSE and block[482]
    while more:
        more = stream.exactly(BLOCK)[504]


def _member(info: tarfile.TarInfo, length: int, told: dict[bytes, bytes]) -> Member | None:
    """What the headers say of a file; None for a folder, and for what is about all members."""
    if info.type in (tarfile.DIRTYPE, tarfile.XGLTYPE):
        return None
    name = told.get(b"path", info.name.encode("utf-8", "surrogateescape"))
    path, problem = path_meant(readable(name, "cp1252"))
    return Member(path, length, _modified(info, told), problem or _problem(info, length, told))


def _problem(info: tarfile.TarInfo, length: int, told: dict[bytes, bytes]) -> str:
    if info.issym() or info.islnk():
        return LINK
    if info.isdev():
        return ENDLESS
    if _SPARSE in told or info.type not in _PLAIN:
        return UNUSUAL
    return LARGE if length > LARGEST_MEMBER else ""


def _modified(info: tarfile.TarInfo, told: dict[bytes, bytes]) -> float:
    """The time in seconds; 0.0 for what is none, such as "nan", than which nothing is later."""
    try:
        when = float(told.get(b"mtime", info.mtime))
    except ValueError:
        return 0.0
    return when if isfinite(when) else 0.0

"""A .zip, one member at a time.

Python's zipfile gives up a whole archive for one name that is not the UTF-8 it should be, or
one extra field that is cut off; it holds over a kilobyte for each member, and cannot be told how
many are too many. So the directory is read here (PKWARE's APPNOTE.TXT, section 4.3; Info-ZIP's
extrafld.txt), and zlib and bz2 unpack the members, to the size that they should have and no
further. Of the other ways to compress, only rare tools make use when not asked to.
"""

import bz2
import os
import time
import zlib
from stat import S_IFDIR, S_IFLNK, S_IFMT, S_IFREG
from struct import Struct as Layout
from struct import unpack_from
from typing import BinaryIO

from msgspec import Struct

from grader.load.members import (
    DAMAGED,
    ENDLESS,
    LARGE,
    LARGEST_MEMBER,
    LINK,
    LOCKED,
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

_END = Layout("<4s4H2LH")
_LOCATOR = Layout("<4sLQL")
_END64 = Layout("<4sQ2H2L4Q")
_ENTRY = Layout("<4s6H3L5H2L")
_LOCAL = Layout("<4s5H3L2H")
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA = 0xFFFFFFFF
"""Stands for a number that has its place in the extra field."""

_ENCRYPTED = 1 << 0 | 1 << 6
_UTF_8 = 1 << 11
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_ZIP64, _TIMES, _UNICODE_PATH = 0x0001, 0x5455, 0x7075
_NO_DATE = 1 << 5 | 1
"""1 January 1980, which tools write that do not want to tell."""


class _Entry(Struct):
    """What the directory says of a member."""

    flags: int
    method: int
    clock: int
    date: int
    crc: int
    packed: int
    size: int
    attributes: int
    offset: int
    name: bytes
    extra: dict[int, bytes]
    length: int


class ZipTree(Tree):
    """The members of a .zip. Each is marked with the place of its entry in the directory."""

    def __init__(self, name: str, file: BinaryIO, bounds: Bounds) -> None:
        """Read the directory. Raises ArchiveError."""
        self.name = name
        self._file = file
        start, end, self._base = _directory(file)
        members = []
        entries = 0
        while start < end:
            entry = _entry(file, start)
            member = _member(entry, start)
            if member is not None:
                members.append(member)
            entries += 1
            if entries > bounds.members:
                raise too_many(bounds)
            start += entry.length
        self.members = last_of_each(members)

    def _read(self, member: Member) -> bytes:
        try:
            entry = _entry(self._file, member.at)
            data = _unpacked(entry, _packed(self._file, self._base + entry.offset, entry.packed))
        except ArchiveError as error:
            raise MemberError(DAMAGED) from error
        if len(data) != entry.size or zlib.crc32(data) != entry.crc:
            raise MemberError(DAMAGED)
        return data

    def close(self) -> None:
        """Let go of the archive."""
        self._file.close()


def _packed(file: BinaryIO, at: int, count: int) -> bytes:
    """The bytes of a member as they are stored, behind a header of their own."""
    if at > file.seek(0, os.SEEK_END):  # perhaps further than any file can be sought
        raise ArchiveError("is damaged")
    file.seek(at)
    magic, *_, name, extra = _LOCAL.unpack(_exactly(file, _LOCAL.size))
    if magic != b"PK\3\4":
        raise ArchiveError("is damaged")
    file.seek(name + extra, os.SEEK_CUR)
    return _exactly(file, count)


def _unpacked(entry: _Entry, packed: bytes) -> bytes:
    """A member's bytes, or one more than there should be."""
    if entry.method == _STORED:
        return packed
    most = entry.size + 1
    try:
        if entry.method == _DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, most)
        return bz2.BZ2Decompressor().decompress(packed, most)
    except (zlib.error, OSError) as error:
        raise ArchiveError("is damaged") from error


# -- the directory -------------------------------------------------------------------------


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """Where the directory begins and ends, and what to add to the places that it names.

    A program that unpacks itself has its code before the archive, and places may be counted
    from either's start.
    """
    length = file.seek(0, os.SEEK_END)
    before = max(0, length - _END.size - _LONGEST_COMMENT - _LOCATOR.size - _END64.size)
    file.seek(before)
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    if not 0 <= at <= len(tail) - _END.size:
        file.seek(0)
        cut_off = file.read(4) == b"PK\3\4"
        raise ArchiveError("is cut off" if cut_off else "is no archive that can be opened here")
    _, disk, first, *_, count, offset, _ = _END.unpack_from(tail, at)
    end = before + at
    at -= _LOCATOR.size
    if at >= _END64.size and tail.startswith(b"PK\6\7", at):
        at -= _END64.size
        if not tail.startswith(b"PK\6\6", at):
            raise ArchiveError("is damaged")
        *_, disk, first, _, _, count, offset = _END64.unpack_from(tail, at)
        end = before + at
    if disk or first:
        raise ArchiveError("is only one part of an archive in several")
    start = end - count
    if start < offset:
        raise ArchiveError("is damaged")
    return start, end, start - offset


def _entry(file: BinaryIO, at: int) -> _Entry:
    file.seek(at)
    magic, _, _, flags, method, clock, date, crc, packed, size, *rest, offset = _ENTRY.unpack(
        _exactly(file, _ENTRY.size)
    )
    if magic != b"PK\1\2":
        raise ArchiveError("is damaged")
    lengths, attributes = rest[:3], rest[-1]
    name = _exactly(file, lengths[0])
    extra = _extra(_exactly(file, lengths[1]))
    packed, size, offset = _large(extra.get(_ZIP64, b""), packed, size, offset)
    length = _ENTRY.size + sum(lengths)
    return _Entry(
        flags, method, clock, date, crc, packed, size, attributes, offset, name, extra, length
    )


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise ArchiveError("is damaged")
    return data


def _extra(data: bytes) -> dict[int, bytes]:
    """The fields of an extra field by their ids, as far as they are whole."""
    fields = {}
    at = 0
    while at <= len(data) - 4:
        kind, length = unpack_from("<2H", data, at)
        at += 4 + length
        fields[kind] = data[at - length : at]
    return fields


def _large(field: bytes, packed: int, size: int, offset: int) -> tuple[int, int, int]:
    """The numbers that may be too large for their places, from where they are if so."""
    found = []
    for number in (size, packed, offset):
        if number == _IN_EXTRA and len(field) >= 8:
            found.append(int.from_bytes(field[:8], "little"))
            field = field[8:]
        else:
            found.append(number)
    size, packed, offset = found
    return packed, size, offset


# -- members -------------------------------------------------------------------------------


def _member(entry: _Entry, at: int) -> Member | None:
    """What the directory says of a file; None for a folder."""
    name = _name(entry)
    mode = S_IFMT(entry.attributes >> 16)
    if name.endswith(("/", "\\")) or mode == S_IFDIR:
        return None
    path, problem = path_meant(name)
    return Member(path, entry.size, _modified(entry), problem or _problem(entry, mode), at)


def _name(entry: _Entry) -> str:
    """The name in Unicode if there is one, and otherwise in what PCs had.

    Many tools write UTF-8 and do not say so.
    """
    unicode = entry.extra.get(_UNICODE_PATH, b"")
    known = len(unicode) > 5 and unicode[0] == 1
    if known and not entry.flags & _UTF_8:
        # It goes with the name that it was made for, and with no other.
        (crc,) = unpack_from("<L", unicode, 1)
        if crc == zlib.crc32(entry.name):
            return readable(unicode[5:], "cp437")
    return readable(entry.name, "cp437")


def _problem(entry: _Entry, mode: int) -> str:
    if mode == S_IFLNK:
        return LINK
    if mode not in (0, S_IFREG):
        return ENDLESS
    if entry.flags & _ENCRYPTED:
        return LOCKED
    if entry.method not in (_STORED, _DEFLATED, _BZIP2):
        return UNUSUAL
    if entry.size > LARGEST_MEMBER:
        return LARGE
    # Nothing that compresses makes so much more of it: these would be read in vain.
    if entry.packed > 2 * entry.size + 1024:
        return DAMAGED
    return ""


def _modified(entry: _Entry) -> float:
    """The time in seconds if it is there, and otherwise as on a clock in this time zone."""
    times = entry.extra.get(_TIMES, b"")
    if len(times) >= 5 and times[0] & 1:
        return float(unpack_from("<l", times, 1)[0])
    date, clock = entry.date, entry.clock
    month, day = date >> 5 & 15, date & 31
    if not 1 <= month <= 12 or not day or (date == _NO_DATE and not clock):
        return 0.0
    hour, minute, second = clock >> 11, clock >> 5 & 63, clock % 32 * 2
    try:
        return time.mktime(((date >> 9) + 1980, month, day, hour, minute, second, 0, 0, -1))
    except (OverflowError, ValueError):
        return 0.0

"""Building archives for the tests: whole ones, and such as no tool would make."""

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

Files = Mapping[str, bytes]


def zipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return data.getvalue()


def tarred(files: Files, mode: str = "w", **settings: int) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode, **settings) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


class Raw:
    """A .zip put together by hand, of whose entries anything may be said."""

    def __init__(self) -> None:
        self.body = bytearray()
        self.directory = bytearray()
        self.count = 0

    def put(
        self,
        name: bytes,
        data: bytes = b"",
        *,
        deflated: bool = False,
        method: int | None = None,
        packed: bytes | None = None,
        size: int | None = None,
        packed_size: int | None = None,
        crc: int | None = None,
        flags: int = 0,
        extra: bytes = b"",
        mode: int = 0,
        clock: tuple[int, int] = (0, 0),
        at: int | None = None,
    ) -> int:
        """Add an entry, and its data unless they are `at` a place already. That place."""
        if packed is None:
            compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
            packed = compressor.compress(data) + compressor.flush() if deflated else data
        if method is None:
            method = 8 if deflated else 0
        size = len(data) if size is None else size
        packed_size = len(packed) if packed_size is None else packed_size
        crc = zlib.crc32(data) if crc is None else crc
        about = (method, *clock, crc, packed_size, size)
        if at is None:
            at = len(self.body)
            local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, *about, len(name), 0)
            self.body += local + name + packed
        self.directory += (
            struct.pack("<4s4H", b"PK\1\2", 20 | 3 << 8, 20, flags, method)
            + struct.pack("<2H3L", *clock, crc, packed_size, size)
            + struct.pack("<5H2L", len(name), len(extra), 0, 0, 0, mode << 16, at)
            + name
            + extra
        )
        self.count += 1
        return at

    def whole(self) -> bytes:
        end = (0, 0, self.count & 0xFFFF, self.count & 0xFFFF, len(self.directory), len(self.body))
        return bytes(self.body + self.directory) + struct.pack("<4s4H2LH", b"PK\5\6", *end, 0)


def assert_is_safe(path: str) -> None:
    """That a path leads to a file below the folder it is taken from, in any system."""
    parts = path.split("/")
    assert not {"", ".", ".."} & {*parts}
    assert not {"\\", "\0", "\n"} & {*path}
    assert not any(
        part[:1].isalpha() and part[:1].isascii() and part[1:2] == ":" for part in parts
    )
    assert all(len(part.encode()) <= 255 for part in parts)
    assert len(path) <= 1000


def assert_is_one_line(error: Exception) -> None:
    assert str(error)
    assert str(error).isprintable()

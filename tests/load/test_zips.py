"""Whatever a .zip says of its members, the good ones are read, and the others told of."""

import bz2
import io
import struct
import time
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.load.members import (
    CONTROL,
    DAMAGED,
    ENDLESS,
    LARGE,
    LARGEST_MEMBER,
    LEADS_OUT,
    LINK,
    LOCKED,
    LONG_NAME,
    LONG_PATH,
    OF_A_CLASS,
    TWICE,
    UNUSUAL,
    ArchiveError,
    Bounds,
    MemberError,
)
from grader.load.zips import ZipTree
from tests.load.archives import Raw, assert_is_one_line, assert_is_safe, zipped

GOOD = b"print('good')\n"
UTF_8 = 1 << 11


def _tree(data: bytes, members: int = OF_A_CLASS.members) -> ZipTree:
    return ZipTree("class.zip", io.BytesIO(data), Bounds(members, 0))


def _read(data: bytes) -> dict[str, bytes | str]:
    """What is in the members that can be read, and the findings about the others."""
    found: dict[str, bytes | str] = {}
    tree = _tree(data)
    for member in tree.members:
        try:
            found[member.path] = tree.read(member)
        except MemberError as error:
            found[member.path] = str(error)
    return found


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_members_are_read_in_any_order_and_again(method: int) -> None:
    files = {"a/q3.py": GOOD, "b/q6.py": b"x" * 100_000, "empty": b""}
    tree = _tree(zipped({"folder/": b"", **files}, method))
    assert [(member.path, member.size) for member in tree.members] == [
        (name, len(content)) for name, content in files.items()
    ]
    for member in (*reversed(tree.members), *tree.members):
        assert tree.read(member) == files[member.path]


UNSAFE = {
    b"../../evil.py": ("../../evil.py", LEADS_OUT),
    b"..\\evil.py": ("../evil.py", LEADS_OUT),
    b"a/../../evil.py": ("a/../../evil.py", LEADS_OUT),
    b"a/..": ("a/..", LEADS_OUT),
    b"/etc/passwd": ("/etc/passwd", LEADS_OUT),
    b"\\\\server\\evil.py": ("//server/evil.py", LEADS_OUT),
    b"C:\\evil.py": ("C:/evil.py", LEADS_OUT),
    b"c:evil.py": ("c:evil.py", LEADS_OUT),
    b"evil.py\0.txt": ("evil.py\0.txt", CONTROL),
    b"evil\n.py": ("evil\n.py", CONTROL),
    b"evil\x1b[2J.py": ("evil\x1b[2J.py", CONTROL),
    b"x" * 256: ("x" * 256, LONG_NAME),
    "ü".encode() * 128: ("ü" * 128, LONG_NAME),
    b"a/" * 50 + b"q6.py": ("a/" * 50 + "q6.py", LONG_PATH),
    b"x" * 0xFFFF: ("x" * 1000, LONG_PATH),
}


@pytest.mark.parametrize("name", UNSAFE, ids=lambda name: str(name[:20]))
def test_a_path_that_is_not_safe_is_told_of_and_its_neighbours_are_read(name: bytes) -> None:
    archive = Raw()
    archive.put(b"before.py", GOOD)
    archive.put(name, b"evil")
    archive.put(b"after.py", GOOD)
    path, problem = UNSAFE[name]
    assert _read(archive.whole()) == {"before.py": GOOD, path: problem, "after.py": GOOD}


def _lies(**settings: object) -> bytes:
    archive = Raw()
    archive.put(b"q3.py", GOOD)
    archive.put(b"bad", b"x" * 5000, **settings)  # type: ignore[arg-type]
    archive.put(b"q6.py", GOOD)
    return archive.whole()


BAD: dict[str, tuple[dict[str, object], str]] = {
    "a link": ({"mode": 0o120777}, LINK),
    "a pipe": ({"mode": 0o010644}, ENDLESS),
    "a device": ({"mode": 0o020644}, ENDLESS),
    "a password": ({"flags": 1}, LOCKED),
    "strong encryption": ({"flags": 1 << 6}, LOCKED),
    "deflate64": ({"method": 9}, UNUSUAL),
    "zstandard": ({"method": 93}, UNUSUAL),
    "a wrong checksum": ({"crc": 1}, DAMAGED),
    "a larger size": ({"size": 5001}, DAMAGED),
    "a smaller size": ({"size": 4999}, DAMAGED),
    "a larger size, deflated": ({"size": 5001, "deflated": True}, DAMAGED),
    "a smaller size, deflated": ({"size": 10, "deflated": True}, DAMAGED),
    "no deflate": ({"method": 8}, DAMAGED),
    "no bzip2": ({"method": 12}, DAMAGED),
    "bzip2 cut off": ({"method": 12, "packed": bz2.compress(b"x" * 5000)[:20]}, DAMAGED),
    "deflate cut off": ({"method": 8, "packed": zlib.compress(b"x" * 5000)[2:-8]}, DAMAGED),
    "a place in another member": ({"at": 3}, DAMAGED),
    "a place behind the end": ({"at": 1 << 31}, DAMAGED),
    "a size above any": ({"size": LARGEST_MEMBER + 1}, LARGE),
    "a size of 4 GiB without its place": ({"size": 0xFFFFFFFF}, LARGE),
    "much packed that unpacks to little": ({"packed_size": 1 << 20}, DAMAGED),
}


@pytest.mark.parametrize("what", BAD)
def test_a_member_that_cannot_be_read_is_told_of_and_its_neighbours_are_read(what: str) -> None:
    settings_of_it, problem = BAD[what]
    assert _read(_lies(**settings_of_it)) == {"q3.py": GOOD, "bad": problem, "q6.py": GOOD}


def test_a_member_is_not_read_in_vain_if_it_is_packed_to_more_than_it_holds() -> None:
    archive = Raw()
    archive.put(b"flushed", packed=bytes(1 << 20), method=8, size=10)
    assert [member.problem for member in _tree(archive.whole()).members] == [DAMAGED]


def test_what_a_real_password_locks_is_told_of() -> None:
    # ZipCrypto puts 12 bytes before the data, which are no deflate.
    archive = Raw()
    archive.put(b"q6.py", GOOD, packed=b"\x9b" * (12 + len(GOOD)), flags=1 | 1 << 3)
    assert _read(archive.whole()) == {"q6.py": LOCKED}


NAMES = {
    "UTF-8 that says so": ("ü日.py".encode(), UTF_8, b"", "ü日.py"),
    "UTF-8 that does not say so": ("ü日.py".encode(), 0, b"", "ü日.py"),
    "cp437": ("übung.py".encode("cp437"), 0, b"", "übung.py"),
    "cp437 that says it is UTF-8": ("übung.py".encode("cp437"), UTF_8, b"", "übung.py"),
    "Shift-JIS": ("課題.py".encode("shift-jis"), 0, b"", "ë█æΦ.py"),
    "decomposed": ("u\u0308.py".encode(), UTF_8, b"", "\u00fc.py"),
    "backslashes": (b"hw\\sub\\q6.py", 0, b"", "hw/sub/q6.py"),
    "parts that say nothing": (b"./hw//./q6.py", 0, b"", "hw/q6.py"),
    "a Unicode field": (
        b"?.py",
        0,
        struct.pack("<2HBL", 0x7075, 11, 1, zlib.crc32(b"?.py")) + "日.py".encode(),
        "日.py",
    ),
    "a Unicode field of another name": (
        b"?.py",
        0,
        struct.pack("<2HBL", 0x7075, 11, 1, 1) + "日.py".encode(),
        "?.py",
    ),
    "an extra field that is cut off": (b"a.py", 0, b"\x75\x70\xff\xff\x01", "a.py"),
}


@pytest.mark.parametrize("what", NAMES)
def test_names_become_text_that_people_can_read(what: str) -> None:
    name, flags, extra, path = NAMES[what]
    archive = Raw()
    archive.put(name, GOOD, flags=flags, extra=extra)
    assert _read(archive.whole()) == {path: GOOD}


def test_of_several_members_with_one_path_the_last_is_read_and_the_others_told_of() -> None:
    archive = Raw()
    archive.put("ü.py".encode(), b"first")
    archive.put("u\u0308.py".encode(), b"second")
    archive.put("ü.py".encode(), b"last")
    archive.put("Ü.py".encode(), b"another")
    tree = _tree(archive.whole())
    assert [member.problem for member in tree.members] == [TWICE, TWICE, "", ""]
    assert [tree.read(member) for member in tree.members[2:]] == [b"last", b"another"]


def test_what_comes_before_an_archive_does_not_matter() -> None:
    assert _read(b"MZ a program that unpacks itself" + zipped({"q6.py": GOOD})) == {"q6.py": GOOD}


def test_what_is_after_an_archive_does_not_matter() -> None:
    assert _read(zipped({"q6.py": GOOD}) + b"\r\n") == {"q6.py": GOOD}


def test_sizes_and_places_of_more_than_32_bits_have_a_field_of_their_own() -> None:
    data = io.BytesIO()
    with (
        zipfile.ZipFile(data, "w") as archive,
        archive.open("q6.py", "w", force_zip64=True) as file,
    ):
        file.write(GOOD)
    assert _read(data.getvalue()) == {"q6.py": GOOD}
    raw = Raw()
    raw.put(b"first", b"first")
    at = raw.put(b"q6.py", GOOD)
    raw.directory = bytearray()
    large = struct.pack("<2H3Q", 1, 24, len(GOOD), len(GOOD), at)
    most = 0xFFFFFFFF
    raw.put(b"q6.py", GOOD, extra=large, size=most, packed_size=most, at=most)
    raw.count = 1
    assert _read(raw.whole()) == {"q6.py": GOOD}


EXTREMES = (0, 1, 2**16 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**63, 2**64 - 1)


def _of_64_bits() -> bytes:
    """An archive that has all of its numbers in the fields of 64 bits."""
    archive = Raw()
    large = struct.pack("<2H3Q", 1, 24, len(GOOD), len(GOOD), 0)
    times = struct.pack("<2HBl", 0x5455, 5, 1, 1_720_000_000)
    most = 0xFFFFFFFF
    archive.put(b"q6.py", GOOD, extra=large + times, size=most, packed_size=most)
    start, size = len(archive.body), len(archive.directory)
    struct.pack_into("<L", archive.directory, 42, most)
    whole = archive.whole()
    end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, start)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + size, 1)
    return whole[:-22] + end + locator + whole[-22:]


def _outcome(data: bytes) -> dict[str, bytes | str] | str:
    try:
        return _read(data)
    except ArchiveError as error:
        return str(error)


@pytest.mark.parametrize("offset", [2**31, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_place_further_than_any_file_goes_is_a_damage_of_that_member_alone(offset: int) -> None:
    archive = Raw()
    archive.put(b"q3.py", GOOD)
    archive.put(b"q6.py", GOOD, at=0xFFFFFFFF, extra=struct.pack("<2HQ", 1, 8, offset))
    assert _read(archive.whole()) == {"q3.py": GOOD, "q6.py": DAMAGED}


def test_no_number_anywhere_in_an_archive_raises_anything_but_what_is_named() -> None:
    whole = _of_64_bits()
    assert _outcome(whole) == {"q6.py": GOOD}
    for width in (2, 4, 8):
        for place in range(len(whole) - width + 1):
            for number in EXTREMES:
                data = bytearray(whole)
                data[place : place + width] = (number % 256**width).to_bytes(width, "little")
                _outcome(bytes(data))


def test_65536_members_and_more_are_listed_at_once_and_lightly() -> None:
    archive = Raw()
    for n in range(65_537):
        archive.put(b"learner %d/q6.py" % n)
    data = archive.whole()
    tracemalloc.start()
    try:
        tree = _tree(data)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(tree.members) == 65_537
    assert held / 65_537 < 300
    assert tree.read(tree.members[-1]) == b""


def test_an_empty_archive_has_no_members() -> None:
    assert _tree(zipped({})).members == ()


REFUSED = {
    "cut off": (zipped({"q6.py": GOOD})[:-30], "is cut off"),
    "a part of several": (b"PK\5\6\1\0" + bytes(16), "is only one part of an archive in several"),
    "text": (b"print(1)\n", "is no archive that can be opened here"),
    "nothing": (b"", "is no archive that can be opened here"),
    "an end without its directory": (zipped({"q6.py": GOOD})[-22:], "is damaged"),
    "a directory of something else": (
        bytes(100) + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 100, 0, 0),
        "is damaged",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_archive_that_cannot_be_read_is_refused_in_words(what: str) -> None:
    data, reason = REFUSED[what]
    with pytest.raises(ArchiveError) as caught:
        _tree(data)
    assert str(caught.value) == reason


def test_more_members_than_any_class_has_are_refused() -> None:
    archive = zipped({"folder/": b"", "a": b"", "b": b""})
    assert len(_tree(archive, members=3).members) == 2
    with pytest.raises(ArchiveError, match=r"^holds more than 2 files$"):
        _tree(archive, members=2)


def test_a_bomb_is_never_unpacked_further_than_its_header_says() -> None:
    archive = Raw()
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(compressor.compress(bytes(1 << 20)) for _ in range(256)) + compressor.flush()
    archive.put(b"q3.py", GOOD)
    archive.put(b"small.py", packed=bomb, method=8, size=200_000)
    archive.put(b"large.py", packed=bomb, method=8, size=LARGEST_MEMBER)
    archive.put(b"honest.py", packed=bomb, method=8, size=256 << 20)
    data = archive.whole()
    tracemalloc.start()
    try:
        found = _read(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == {
        "q3.py": GOOD,
        "small.py": DAMAGED,
        "large.py": DAMAGED,
        "honest.py": LARGE,
    }
    assert peak < 3 * LARGEST_MEMBER


def test_members_that_share_their_data_are_each_read_alone() -> None:
    # D. Fifield's "A better zip bomb" overlaps them more cleverly, for those who read all.
    archive = Raw()
    large = bytes(10 << 20)
    at = archive.put(b"0.txt", large, deflated=True)
    packed = len(archive.body) - 30 - len(b"0.txt")
    for n in range(1, 5000):
        archive.put(b"%d.txt" % n, method=8, at=at, size=10 << 20, packed_size=packed)
    tree = _tree(archive.whole())
    assert sum(member.size for member in tree.members) == 5000 * 10 << 20
    assert tree.read(tree.members[0]) == large


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the system's own time zone is as good")
def test_when_a_member_was_changed_is_known_in_seconds_or_by_the_clock_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive = Raw()
    noon = 12 << 11, (2024 - 1980) << 9 | 7 << 5 | 4
    archive.put(b"clock", clock=noon)
    archive.put(b"seconds", clock=noon, extra=struct.pack("<2HBl", 0x5455, 5, 1, 1_720_000_000))
    archive.put(b"unknown")
    archive.put(b"first day", clock=(0, 33))
    archive.put(b"no day", clock=(0, 44 << 9 | 15 << 5))
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "EST5")
        time.tzset()
        found = {member.path: member.modified for member in _tree(archive.whole()).members}
    time.tzset()
    assert found == {
        "clock": 1_720_112_400.0,
        "seconds": 1_720_000_000.0,
        "unknown": 0.0,
        "first day": 0.0,
        "no day": 0.0,
    }


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_raise_anything_but_what_is_named(data: st.DataObject) -> None:
    whole = bytearray(zipped({"a/q6.py": GOOD * 9, "b": b"x"}))
    places = st.integers(0, len(whole) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        whole[place] = value
    start = data.draw(st.sampled_from((0, 0, 1, 30)))
    try:
        tree = _tree(bytes(whole[start:]))
    except ArchiveError as error:
        assert_is_one_line(error)
        return
    for member in tree.members:
        try:
            tree.read(member)
        except MemberError as error:
            assert_is_one_line(error)
        else:
            assert_is_safe(member.path)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=40), st.booleans())
def test_whatever_a_member_is_called_its_path_is_safe_if_it_is_read(
    name: bytes, is_utf_8: bool
) -> None:
    archive = Raw()
    archive.put(b"a\\..b/" + name, GOOD, flags=UTF_8 * is_utf_8)
    for member in _tree(archive.whole()).members:
        if not member.problem:
            assert_is_safe(member.path)

"""Whatever a .tar says of its members, the good ones are read, and no more than a bound."""

import bz2
import gzip
import io
import lzma
import tarfile
import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.load.members import (
    CONTROL,
    ENDLESS,
    LARGE,
    LARGEST_MEMBER,
    LEADS_OUT,
    LINK,
    OF_A_CLASS,
    TWICE,
    UNUSUAL,
    ArchiveError,
    Bounds,
    MemberError,
)
from grader.load.tars import TarTree
from tests.load.archives import assert_is_one_line, assert_is_safe, tarred

GOOD = b"print('good')\n"
MODES = ("w", "w:gz", "w:bz2", "w:xz")
FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)


def _tree(data: bytes, bounds: Bounds = OF_A_CLASS) -> TarTree:
    return TarTree("class.tar", io.BytesIO(data), bounds)


def _read(data: bytes) -> dict[str, bytes | str]:
    """What is in the members that can be read, and the findings about the others."""
    found: dict[str, bytes | str] = {}
    with _tree(data) as tree:
        for member in tree.members:
            try:
                found[member.path] = tree.read(member)
            except MemberError as error:
                found[member.path] = str(error)
    return found


def _around(*infos: tarfile.TarInfo, mode: str = "w") -> bytes:
    """An archive of these members with a good one before and one after them."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode) as archive:  # type: ignore[call-overload]
        for info in (tarfile.TarInfo("before.py"), *infos, tarfile.TarInfo("after.py")):
            if info.isreg() or info.type not in tarfile.SUPPORTED_TYPES:
                info.size = info.size or len(GOOD)
                archive.addfile(info, io.BytesIO(GOOD.ljust(info.size)))
            else:
                archive.addfile(info)
    return data.getvalue()


def _info(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = link
    return info


@pytest.mark.parametrize("mode", MODES)
def test_members_are_read_in_any_order_and_again(mode: str) -> None:
    files = {"a/q3.py": GOOD, "b/q6.py": b"x" * 100_000, "empty": b"", "last": b"1"}
    with _tree(tarred(files, mode)) as tree:
        assert [(member.path, member.size) for member in tree.members] == [
            (name, len(content)) for name, content in files.items()
        ]
        for member in (*reversed(tree.members), *tree.members):
            assert tree.read(member) == files[member.path]


@pytest.mark.parametrize("form", FORMATS)
def test_names_of_every_format_are_text_that_people_can_read(form: int) -> None:
    long = "/".join(["folder" * 7] * 4) + "/ü日.py"
    files = {long: GOOD, "u\u0308.py": b"composed", "./here/./it//is.py": b"tidy"}
    assert _read(tarred(files, format=form, encoding="utf-8")) == {  # type: ignore[arg-type]
        long: GOOD,
        "\u00fc.py": b"composed",
        "here/it/is.py": b"tidy",
    }


def test_a_name_that_is_no_utf_8_is_read_as_on_windows() -> None:
    data = tarred({"übung.py": GOOD}, format=tarfile.GNU_FORMAT, encoding="cp1252")  # type: ignore[arg-type]
    assert _read(data) == {"übung.py": GOOD}


BAD = {
    "a link": (_info("bad", tarfile.SYMTYPE, "/etc/passwd"), "bad", LINK),
    "a hard link": (_info("bad", tarfile.LNKTYPE, "before.py"), "bad", LINK),
    "a pipe": (_info("bad", tarfile.FIFOTYPE), "bad", ENDLESS),
    "a device": (_info("bad", tarfile.CHRTYPE), "bad", ENDLESS),
    "a kind of its own": (_info("bad", b"Q"), "bad", UNUSUAL),
    "dots": (_info("../bad"), "../bad", LEADS_OUT),
    "a root": (_info("/bad"), "/bad", LEADS_OUT),
    "a drive": (_info("C:\\bad"), "C:/bad", LEADS_OUT),
    "a line end": (_info("bad\n"), "bad\n", CONTROL),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_member_that_is_no_file_is_told_of_and_its_neighbours_are_read(
    what: str, mode: str
) -> None:
    info, path, problem = BAD[what]
    found = _read(_around(info, mode=mode))
    assert found == {"before.py": GOOD, path: problem, "after.py": GOOD}


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_member_that_is_larger_than_any_answer_is_told_of(mode: str) -> None:
    info = _info("large")
    info.size = LARGEST_MEMBER + 1
    data = _around(info, mode=mode)
    assert _read(data) == {"before.py": GOOD, "large": LARGE, "after.py": GOOD}


def test_files_stored_without_their_holes_are_told_of() -> None:
    newer = _info("newer")
    newer.pax_headers = {"GNU.sparse.major": "1", "GNU.sparse.name": "it"}
    older = _info("older", tarfile.GNUTYPE_SPARSE).tobuf(tarfile.GNU_FORMAT)
    # The map goes on in a block behind the header.
    header = bytearray(older[:482] + b"\1" + older[483:])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    whole = tarred({"q3.py": GOOD})
    older_one = bytes(header) + bytes(512)
    assert _read(older_one + whole) == {"older": UNUSUAL, "q3.py": GOOD}
    assert _read(_around(newer))["newer"] == UNUSUAL


def test_of_several_members_with_one_path_the_last_is_read_and_the_others_told_of() -> None:
    with _tree(_around(_info("a"), _info("./a"), mode="w:gz")) as tree:
        assert [member.problem for member in tree.members] == ["", TWICE, "", ""]


def test_when_a_member_was_changed_is_known_to_the_fraction() -> None:
    info = _info("q6.py")
    info.mtime = 1_720_000_000.5
    with _tree(_around(info)) as tree:
        assert [member.modified for member in tree.members] == [0.0, 1_720_000_000.5, 0.0]


@pytest.mark.parametrize("time_told", ["nan", "inf", "-inf", "1e999", "yesterday", ""])
def test_a_time_that_is_none_is_unknown(time_told: str) -> None:
    info = _info("q6.py")
    info.pax_headers = {"mtime": time_told}
    with _tree(_around(info)) as tree:
        assert [member.modified for member in tree.members] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("mode", MODES)
def test_an_empty_archive_has_no_members(mode: str) -> None:
    assert _read(tarred({}, mode)) == {}


def _sized(size: bytes) -> bytes:
    header = bytearray(tarred({"q6.py": GOOD}))
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header[:512])
    return bytes(header)


def _told(data: bytes) -> bytes:
    info = _info("told", tarfile.XHDTYPE)
    info.size = len(data)
    padded = data.ljust(-len(data) % 512 + len(data), b"\0")
    return info.tobuf() + padded + tarred({"a": b""})


REFUSED = {
    "cut off in a member": (tarred({"q6.py": b"x" * 5000})[:2000], "is cut off"),
    "cut off in a header": (tarred({"q6.py": GOOD})[:700], "is cut off"),
    "cut off between members": (tarred({"q6.py": GOOD})[:1024], "is cut off"),
    "cut off, gzip": (tarred({"q6.py": GOOD}, "w:gz")[:-10], "is damaged or cut off"),
    "cut off, bzip2": (tarred({"q6.py": GOOD}, "w:bz2")[:-10], "is damaged or cut off"),
    "cut off, xz": (tarred({"q6.py": GOOD}, "w:xz")[:-40], "is damaged or cut off"),
    "a checksum, gzip": (tarred({"q6.py": GOOD}, "w:gz")[:-8] + bytes(8), "is damaged or cut off"),
    "no tar, gzip": (gzip.compress(GOOD), "is damaged or cut off"),
    "no header": (tarred({"q6.py": GOOD})[:1024] + b"x" * 512, "is damaged or cut off"),
    "a size below nothing": (_sized(b"\xff" * 12), "is damaged"),
    "a size without end": (_sized(b"\x80" + b"\xff" * 11), "is cut off"),
    "a record of no length": (_told(b"0 path=a\n"), "is damaged"),
    "a record of no number": (_told(b"path=a\n"), "is damaged"),
    "a size in words": (_told(b"12 size=ten\n"), "is damaged"),
    "a thousand records": (_told(b"6 a=b\n" * 1000), "is damaged"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_archive_that_cannot_be_read_is_refused_in_words(what: str) -> None:
    data, reason = REFUSED[what]
    with pytest.raises(ArchiveError) as caught:
        _tree(data)
    assert str(caught.value) == reason


def test_more_members_than_any_class_has_are_refused() -> None:
    data = tarred({"a": b"", "b": b"", "c": b""})
    assert len(_tree(data, Bounds(3, 0)).members) == 3
    with pytest.raises(ArchiveError, match=r"^holds more than 2 files$"):
        _tree(data, Bounds(2, 0))


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_a_bomb_is_unpacked_to_its_bound_and_no_further(compress: object) -> None:
    assert callable(compress)
    header = _info("bomb")
    header.size = 24 << 20
    longest = _info("bomb", tarfile.GNUTYPE_LONGNAME)
    longest.size = 24 << 20
    for info, reason in ((header, "unpacks to more than 16 MiB"), (longest, "is damaged")):
        data = compress(info.tobuf() + bytes(24 << 20))
        tracemalloc.start()
        try:
            with pytest.raises(ArchiveError) as caught:
                _tree(data, Bounds(10, 16 << 20))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert str(caught.value) == reason
        assert peak < 10 << 20


def test_a_header_that_is_all_digits_does_not_hold_anybody_up() -> None:
    started = time.process_time()
    with pytest.raises(ArchiveError):
        _tree(_told(b"0" * (1 << 20)))
    assert time.process_time() - started < 1


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_bytes_raise_anything_but_what_is_named(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(FORMATS))
    whole = bytearray(tarred({"ü" * 40 + "/../q6.py": GOOD, "b": b"x"}, format=form)[:6144])
    places = st.integers(0, len(whole) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=3)):
        whole[place] = value
    for at in range(0, len(whole), 512):
        # The checksum is no hurdle for who changes the rest.
        if whole[at + 257 : at + 262] == b"ustar":
            whole[at + 148 : at + 156] = b" " * 8
            whole[at + 148 : at + 156] = b"%06o\0 " % sum(whole[at : at + 512])
    packed = data.draw(st.booleans())
    try:
        tree = _tree(gzip.compress(bytes(whole)) if packed else bytes(whole))
    except ArchiveError as error:
        assert_is_one_line(error)
        return
    with tree:
        for member in tree.members:
            try:
                tree.read(member)
            except MemberError as error:
                assert_is_one_line(error)
            else:
                assert_is_safe(member.path)

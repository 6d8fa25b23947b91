"""What one learner handed in comes out of its archives whole, safe, and within its limits."""

import hashlib
import io
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.handed_in import HandedInFile
from grader.limits import MOST_BYTES, MOST_FILES
from grader.load import unpack
from grader.load.members import OF_A_CLASS
from grader.load.trees import open_archive, open_tree
from grader.load.unpack import collected, digest, unpacked
from tests.load.archives import Raw, assert_is_safe, tarred, zipped

REMEDY = "was left as it is: hand in the files, or one .zip of them."
Q3, Q6 = b"print(3)\n", b"print(6)\n"


def _unpacked(files: dict[str, bytes]) -> tuple[dict[str, bytes], list[str]]:
    found, findings = unpacked([HandedInFile(*each) for each in files.items()])
    assert [file.path for file in found] == sorted(file.path for file in found)
    return {file.path: file.data for file in found}, [*findings]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("hw.zip", zipped({"q3.py": Q3, "q6.py": Q6})),
        ("HW.ZIP", zipped({"assignment/q3.py": Q3, "assignment/q6.py": Q6})),
        ("hw.tar", tarred({"./hw/q3.py": Q3, "./hw/q6.py": Q6})),
        ("hw.tgz", tarred({"q3.py": Q3, "q6.py": Q6}, "w:gz")),
        ("hw.tar.bz2", tarred({"q3.py": Q3, "q6.py": Q6}, "w:bz2")),
        ("hw.tar.xz", tarred({"q3.py": Q3, "q6.py": Q6}, "w:xz")),
        ("really a zip.rar", zipped({"q3.py": Q3, "q6.py": Q6})),
        ("in a folder/hw.zip", zipped({"q3.py": Q3, "q6.py": Q6})),
    ],
)
def test_an_archive_is_opened_and_its_one_folder_left_out(name: str, data: bytes) -> None:
    assert _unpacked({name: data}) == ({"q3.py": Q3, "q6.py": Q6}, [])


def test_what_was_handed_in_without_an_archive_stays_as_it_is() -> None:
    files = {"data/numbers.txt": b"1", "q6.py": Q6}
    assert _unpacked(files) == (files, [])


def test_the_folder_that_everything_is_in_is_left_out() -> None:
    files = {"hw/1/q6.py": Q6, "hw/1/data/x.txt": b"x"}
    assert _unpacked(files) == ({"data/x.txt": b"x", "q6.py": Q6}, [])


def test_an_archive_s_files_go_where_it_was() -> None:
    files = {"q3.py": Q3, "six/hw.zip": zipped({"top/q6.py": Q6})}
    assert _unpacked(files) == ({"q3.py": Q3, "six/q6.py": Q6}, [])


def test_files_that_are_archives_of_other_kinds_stay_files() -> None:
    document = zipped({"word/document.xml": b""})
    assert _unpacked({"answers.docx": document}) == ({"answers.docx": document}, [])


def test_a_member_that_leads_out_is_told_of_in_words_and_its_neighbours_are_read() -> None:
    archive = Raw()
    archive.put(b"../../evil.py", b"evil")
    archive.put(b"q6.py", Q6)
    archive.put(b"hw/locked.py", Q6, flags=1)
    archive.put(b"wrong.py", Q6, crc=0)
    assert _unpacked({"hw.zip": archive.whole()}) == (
        {"q6.py": Q6},
        [
            "hw.zip: its member ../../evil.py leads out of the archive, and was left out.",
            (
                "hw.zip: its member hw/locked.py is locked with a password, and was left out: "
                "hand it in without one."
            ),
            "hw.zip: its member wrong.py is damaged, and was left out: make the archive anew.",
        ],
    )


def test_paths_that_come_from_elsewhere_are_made_safe_too() -> None:
    files = {"../q3.py": Q3, "a//./q6.py": Q6, "b\\x.txt": b"x"}
    assert _unpacked(files) == (
        {"a/q6.py": Q6, "b/x.txt": b"x"},
        ["../q3.py leads out of the archive, and was left out."],
    )


JUNK = (
    "__MACOSX/._q6.py",
    "._q6.py",
    ".DS_Store",
    "hw/.DS_Store",
    "Thumbs.db",
    "desktop.ini",
    "Desktop.ini",
    ".ipynb_checkpoints/q6-checkpoint.ipynb",
    "__pycache__/q6.cpython-311.pyc",
    "q6.pyc",
    ".git/HEAD",
    ".git/hooks/sample.py",
    ".idea/workspace.xml",
    ".gitignore",
    "node_modules/a/b.js",
    "venv/pyvenv.cfg",
    "venv/bin/activate.py",
    "venv/Lib/site-packages/pip.py",
    "venv/lib64",
)


@pytest.mark.parametrize("how", ["loose", "in a zip", "in a tar", "in a class"])
def test_what_nobody_wrote_is_left_out_without_a_word(how: str) -> None:
    kept = {"q6.py": Q6, ".ipynb": b"{}", "venv/my/q3.py": Q3, "lib/x.py": b""}
    files = {**dict.fromkeys(JUNK[:-1], b"junk"), **kept, "venv/lib/x": b""}
    if how == "in a class":
        tree = open_archive("class.zip", io.BytesIO(zipped(files)), OF_A_CLASS)
        found, findings = collected(tree, [(member.path, member) for member in tree.members])
        assert ({file.path: file.data for file in found}, findings) == (kept, ())
        return
    if how != "loose":
        files = {"hw.zip": (zipped if how == "in a zip" else tarred)(files)}
    assert _unpacked(files) == (kept, [])


def test_an_answer_in_the_folder_of_an_environment_is_kept() -> None:
    files = {"pyvenv.cfg": b"", "lib/x.py": b"", "Scripts/y.py": b"", "q6.py": Q6}
    assert _unpacked({"hw.zip": zipped(files)}) == ({"q6.py": Q6}, [])


def test_one_file_handed_in_twice_with_the_same_bytes_is_one_file() -> None:
    files = {"q6.py": Q6, "hw.zip": zipped({"hw/q6.py": Q6})}
    assert _unpacked(files) == ({"q6.py": Q6}, [])


def test_of_different_files_with_one_path_the_one_in_no_archive_counts() -> None:
    one, two = zipped({"q6.py": b"1", "q3.py": b"1"}), zipped({"q6.py": b"2", "q3.py": b"2"})
    assert _unpacked({"b.zip": two, "a.zip": one, "q6.py": Q6}) == (
        {"q3.py": b"1", "q6.py": Q6},
        [
            "a.zip: its member q6.py was left out: something else was handed in as q6.py.",
            "b.zip: its member q3.py was left out: something else was handed in as q3.py.",
            "b.zip: its member q6.py was left out: something else was handed in as q6.py.",
        ],
    )


def test_a_file_where_others_need_a_folder_is_told_of() -> None:
    archive = zipped({"data": b"", "data/x.py": b"x", "other": b""})
    assert _unpacked({"hw.zip": archive}) == (
        {"data/x.py": b"x", "other": b""},
        ["hw.zip: its member data was left out: something else was handed in as data."],
    )
    assert _unpacked({"data": b"", "data/x.txt": b"", "z": b""}) == (
        {"data": b"", "z": b""},
        ["data/x.txt was left out: something else was handed in as data/x.txt."],
    )


def test_of_a_path_that_an_archive_has_twice_the_last_counts() -> None:
    archive = Raw()
    archive.put(b"q6.py", b"first")
    archive.put(b"q6.py", Q6)
    assert _unpacked({"hw.zip": archive.whole()}) == (
        {"q6.py": Q6},
        ["hw.zip: its member q6.py is there more than once, and only the last one was read."],
    )


def test_archives_within_archives_are_opened_twice_over_and_no_further() -> None:
    third = zipped({"deep.py": b"deep"})
    second = zipped({"q3.py": Q3, "third.zip": third})
    first = zipped({"q6.py": Q6, "two/second.zip": second})
    assert _unpacked({"first.zip": first}) == (
        {"q6.py": Q6, "two/q3.py": Q3, "two/third.zip": third},
        ["first.zip/two/second.zip/third.zip lies in an archive within an archive, and " + REMEDY],
    )


UNOPENED = {
    "hw.rar": (b"Rar!\x1a\x07\0", "is a RAR archive, which cannot be opened here"),
    "hw.zip": (b"Rar!\x1a\x07\0", "is a RAR archive, which cannot be opened here"),
    "hw.7z": (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive, which cannot be opened here"),
    "q6.py.gz": (tarred({}, "w:gz")[:30], "is damaged or cut off"),
    "cut.zip": (zipped({"q6.py": Q6})[:-30], "is cut off"),
    "text.zip": (Q6, "is no archive that can be opened here"),
    "empty.zip": (b"", "is no archive that can be opened here"),
}


@pytest.mark.parametrize("name", UNOPENED)
def test_an_archive_that_cannot_be_opened_stays_a_file_and_is_told_of(name: str) -> None:
    data, reason = UNOPENED[name]
    finding = f"{name} {reason}, and {REMEDY}"
    assert _unpacked({name: data, "q6.py": Q6}) == ({name: data, "q6.py": Q6}, [finding])


def test_an_archive_without_files_is_told_of() -> None:
    assert _unpacked({"hw.zip": zipped({"folder/": b""})}) == ({}, ["hw.zip has no file in it."])


# -- limits --------------------------------------------------------------------------------

LEFT_OUT = "a submission has room for 1,000 files and 32 MiB, and its programs come first."


@pytest.mark.parametrize("how", ["loose", "in a zip", "in a class"])
def test_of_more_files_than_there_is_room_for_programs_come_first(how: str) -> None:
    files = {**{f"{n}.txt": b"" for n in range(MOST_FILES)}, "q6.py": Q6}
    if how == "in a class":
        tree = open_archive("class.zip", io.BytesIO(zipped(files)), OF_A_CLASS)
        taken, told = collected(tree, [(member.path, member) for member in tree.members])
        found, findings = {file.path: file.data for file in taken}, [*told]
    else:
        found, findings = _unpacked(files if how == "loose" else {"hw.zip": zipped(files)})
    assert len(found) == MOST_FILES
    assert found["q6.py"] == Q6
    assert findings == [f"1 file was left out: {LEFT_OUT}"]


def test_of_more_bytes_than_there_is_room_for_only_some_are_unpacked() -> None:
    archive = Raw()
    large = bytes(10 << 20)
    at = archive.put(b"00.txt", large, deflated=True)
    crc, packed = zlib.crc32(large), len(archive.body) - 36
    for n in range(1, 500):
        name = b"%02d.txt" % n
        archive.put(name, method=8, at=at, crc=crc, size=10 << 20, packed_size=packed)
    archive.put(b"q6.py", Q6)
    tracemalloc.start()
    try:
        found, findings = _unpacked({"hw.zip": archive.whole()})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert {path: len(data) for path, data in found.items()} == {
        "00.txt": 10 << 20,
        "01.txt": 10 << 20,
        "02.txt": 10 << 20,
        "q6.py": len(Q6),
    }
    assert findings == [f"497 files were left out: {LEFT_OUT}"]
    assert peak < 2 * MOST_BYTES


def test_what_fails_to_be_read_takes_its_room_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MOST_BYTES", 10)
    monkeypatch.setattr(unpack, "_MOST_FINDINGS", 1)
    archive = Raw()
    archive.put(b"0", b"123456", crc=0)
    archive.put(b"1", b"1234", crc=0)
    archive.put(b"2", b"1")
    found, findings = _unpacked({"hw.zip": archive.whole()})
    assert found == {}
    assert findings[1:2] == ["1 more files were left out likewise."]
    assert findings[2].startswith("1 file was left out")


def test_bombs_within_bombs_end_within_the_limits() -> None:
    # As 42.zip: each of some archives holds some, down to files of nothing but zeros.
    bomb = zipped({f"{n}.txt": bytes(1 << 20) for n in range(4)})
    for _ in range(4):
        bomb = zipped({f"{n}.zip": bomb for n in range(16)})
    found, findings = _unpacked({"42.zip": bomb, "q6.py": Q6})
    assert found["q6.py"] == Q6
    assert sum(map(len, found.values())) < MOST_BYTES
    assert len(findings) <= unpack._MOST_FINDINGS + 2


def test_no_more_archives_are_opened_than_a_submission_has() -> None:
    files = {f"{n}.zip": zipped({f"{n}.py": b""}) for n in range(10)}
    found, findings = _unpacked({**files, "last.zip": zipped({"last.py": b""})})
    assert {*found} == {*(f"{n}.py" for n in range(10)), "last.zip"}
    assert findings == [f"last.zip is one of more than 10 archives, and {REMEDY}"]


def test_an_archive_of_itself_ends() -> None:
    # What a quine unpacks to, however it is made: the same again, under another name.
    inner = zipped({"r/r.zip": b"PK"})
    assert _unpacked({"r.zip": zipped({"r/r.zip": zipped({"r/r.zip": inner})})})[0] == {
        "r.zip": inner
    }


def test_a_class_and_its_learners_archives_are_read_on_from_one_another(tmp_path: Path) -> None:
    learner = zipped({"hw/q6.py": Q6})
    path = tmp_path / "class.zip"
    path.write_bytes(zipped({"Ada/hw.zip": learner, "Ada/locked.py": b"", "Bob/q6.py": Q3}))
    with open_tree(path) as tree:
        ada = [(m.path.removeprefix("Ada/"), m) for m in tree.members if "Ada/" in m.path]
        files, findings = collected(tree, ada)
    assert findings == ()
    assert {f.path: f.data for f in unpacked(files)[0]} == {"locked.py": b"", "q6.py": Q6}


def test_what_of_a_class_cannot_be_read_is_told_of_by_its_place_in_the_submission() -> None:
    archive = Raw()
    archive.put(b"Ada/q6.py", Q6, flags=1)
    archive.put(b"Ada/q3.py", Q3, crc=0)
    tree = open_archive("class.zip", io.BytesIO(archive.whole()), OF_A_CLASS)
    placed = [(member.path.removeprefix("Ada/"), member) for member in tree.members]
    assert collected(tree, placed) == (
        (),
        (
            "q3.py is damaged, and was left out: make the archive anew.",
            "q6.py is locked with a password, and was left out: hand it in without one.",
        ),
    )


# -- paths ---------------------------------------------------------------------------------


def test_a_drive_is_no_path_when_the_folder_before_it_is_left_out() -> None:
    finding = "a/C:evil.py leads out of the archive, and was left out."
    assert _unpacked({"a/C:evil.py": b""}) == ({}, [finding])


@pytest.mark.parametrize(
    "name", ["ab:c.py", "nul", "sub/COM1.txt", "dot.", "space /x.py", "a?.py"]
)
def test_names_that_windows_forbids_are_left_out_there_alone(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    files = {f"folder/{name}": b"", "q6.py": Q6}
    assert _unpacked(files) == (files, [])
    monkeypatch.setattr(unpack, "_ON_WINDOWS", True)
    assert _unpacked(files) == (
        {"q6.py": Q6},
        [f"folder/{name} has a name that Windows has no files of, and was left out."],
    )


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.binary(max_size=12), st.binary(max_size=3)), max_size=6))
def test_all_paths_can_be_written_below_a_folder_and_read_again(
    members: list[tuple[bytes, bytes]],
) -> None:
    archive = Raw()
    for name, data in members:
        archive.put(b"a\\" + name, data)
    found, _ = _unpacked({"hw.zip": archive.whole(), "a": b"", "../x": b"", "q6.py": b""})
    for path in found:
        assert_is_safe(path)
        assert not any(other.startswith(f"{path}/") for other in found)
    assert found["q6.py"] == b""


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(("hw.zip", "hw.tar", "hw.tgz", "hw.gz")))
def test_no_bytes_in_an_archive_raise_anything(data: bytes, name: str) -> None:
    start = {"hw.tgz": b"\x1f\x8b\x08", "hw.zip": b"PK\3\4"}.get(name, b"")
    found, findings = _unpacked({name: start + data})
    assert {*found} <= {name}
    assert all(finding.isprintable() for finding in findings)


# -- digests -------------------------------------------------------------------------------


def test_a_digest_tells_paths_and_bytes_apart_and_not_their_order() -> None:
    one, two = HandedInFile("a", b"bc"), HandedInFile("d", b"")
    assert digest([one, two]) == digest([two, one])
    others: tuple[list[HandedInFile], ...] = (
        [],
        [one],
        [HandedInFile("ab", b"c"), two],
        [HandedInFile("a", b"b"), HandedInFile("cd", b"")],
        [HandedInFile("a", b""), HandedInFile("d", b"bc")],
        [one, two, two],
    )
    assert len({digest(files) for files in ([one, two], *others)}) == 1 + len(others)


def test_a_digest_is_the_same_in_every_version() -> None:
    framed = b"\0\0\0\0\0\0\0\1a\0\0\0\0\0\0\0\2bc"
    assert digest([HandedInFile("a", b"bc")]) == hashlib.sha256(framed).hexdigest()


def test_an_archive_handed_in_anew_with_the_same_files_has_the_same_digest() -> None:
    ways = [
        {"q6.py": Q6, "q3.py": Q3},
        {"hw.zip": zipped({"hw/q6.py": Q6, "hw/q3.py": Q3}, zipfile.ZIP_STORED)},
        {"other.tgz": tarred({"q3.py": Q3, "q6.py": Q6}, "w:gz")},
    ]
    digests = set()
    for files in ways:
        found, _ = unpacked([HandedInFile(*each) for each in files.items()])
        digests.add(digest(found))
    assert len(digests) == 1

"""A class is read the same way from a folder, a .zip or a .tar, and nothing outside of it."""

import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.load import trees
from grader.load.content import LARGEST_NOTEBOOK, NothingThereError, UnreadableError
from grader.load.members import (
    CONTROL,
    ENDLESS,
    LARGE,
    LEADS_OUT,
    LINK,
    LONG_PATH,
    TWICE,
    ArchiveError,
    Bounds,
    MemberError,
    Tree,
    shown,
)
from grader.load.trees import FolderTree, open_tree
from tests.load.archives import tarred, zipped

posix = pytest.mark.skipif(os.name == "nt", reason="names and files that POSIX systems have")

FILES = {
    "Ada_1/q3.py": b"print(3)\n",
    "Ada_1/q6.py": b"print(6)\n",
    "Bob_2/hw.zip": b"PK",
    "Zoë_3/übung 日.py": b"print()\n",
}


def _write(folder: Path, files: dict[str, bytes]) -> Path:
    for path, data in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def _problems(tree: Tree) -> dict[str, str]:
    return {member.path: member.problem for member in tree.members}


KINDS: dict[str, Callable[[Path], object]] = {
    "class": lambda path: _write(path, FILES),
    "class.zip": lambda path: path.write_bytes(zipped(FILES)),
    "class.tar": lambda path: path.write_bytes(tarred(FILES)),
    "class.tar.gz": lambda path: path.write_bytes(tarred(FILES, "w:gz")),
    "class.tar.bz2": lambda path: path.write_bytes(tarred(FILES, "w:bz2")),
    "class.tar.xz": lambda path: path.write_bytes(tarred(FILES, "w:xz")),
    "named like nothing": lambda path: path.write_bytes(zipped(FILES)),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_and_archives_of_all_kinds_are_read_the_same_way(
    tmp_path: Path, kind: str
) -> None:
    KINDS[kind](tmp_path / kind)
    with open_tree(tmp_path / kind) as tree:
        assert tree.name == kind
        assert [member.path for member in tree.members] == [*FILES]
        assert [member.size for member in tree.members] == [*map(len, FILES.values())]
        for member in (*reversed(tree.members), *tree.members):
            assert tree.read(member) == FILES[member.path]


def test_a_tar_that_ends_in_a_zip_is_read_as_the_tar(tmp_path: Path) -> None:
    path = tmp_path / "class.tar"
    path.write_bytes(tarred({"hw.zip": zipped({"q6.py": b""})}))
    with open_tree(path) as tree:
        assert _problems(tree) == {"hw.zip": ""}


def test_nothing_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    monkeypatch.chdir(tmp_path / "in")
    evil = {"../evil.py": b"", "/tmp/evil.py": b"", "good.py": b"1"}
    Path("class.zip").write_bytes(zipped(evil))
    Path("class.tar").write_bytes(tarred(evil))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    for name in ("class.zip", "class.tar"):
        with open_tree(Path(name)) as tree:
            assert _problems(tree) == {
                "../evil.py": LEADS_OUT,
                "/tmp/evil.py": LEADS_OUT,
                "good.py": "",
            }
            for member in tree.members[:2]:
                with pytest.raises(MemberError, match=LEADS_OUT):
                    tree.read(member)
            assert tree.read(tree.members[2]) == b"1"
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@posix
def test_what_a_folder_holds_that_is_no_file_is_told_of_and_never_opened(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    _write(tmp_path / "elsewhere", {"q3.py": b"another's"})
    folder = _write(tmp_path / "class", {"a/q6.py": b"1"})
    (folder / "a/link.py").symlink_to(secret)
    (folder / "a/broken.py").symlink_to("nothing")
    (folder / "a/beside.py").symlink_to("q6.py")
    (folder / "folder").symlink_to(tmp_path / "elsewhere")
    (folder / "loop").symlink_to(".")
    (folder / "a/hard.py").hardlink_to(secret)
    os.mkfifo(folder / "a/pipe.py")
    with open_tree(folder) as tree:
        assert _problems(tree) == {
            "a/beside.py": LINK,
            "a/broken.py": LINK,
            "a/hard.py": trees.ALSO_NAMED,
            "a/link.py": LINK,
            "a/pipe.py": ENDLESS,
            "a/q6.py": "",
            "folder": LINK,
            "loop": LINK,
        }
        for member in tree.members:
            if member.problem:
                with pytest.raises(MemberError):
                    tree.read(member)


@posix
@pytest.mark.parametrize("what", ["a link", "a link above", "a pipe", "a hard link", "nothing"])
def test_what_comes_in_the_place_of_a_file_is_not_read(tmp_path: Path, what: str) -> None:
    secret = _write(tmp_path, {"other/q6.py": b"secret"}) / "other/q6.py"
    folder = _write(tmp_path / "class", {"a/q6.py": b"1"})
    place = folder / "a/q6.py"
    with open_tree(folder) as tree:
        place.unlink()
        if what == "a link":
            place.symlink_to(secret)
        elif what == "a link above":
            place.parent.rmdir()
            place.parent.symlink_to(secret.parent)
        elif what == "a pipe":
            os.mkfifo(place)
        elif what == "a hard link":
            place.hardlink_to(secret)
        with pytest.raises(MemberError):
            tree.read(tree.members[0])


def test_a_file_that_grows_is_read_no_further_than_any_answer_goes(tmp_path: Path) -> None:
    folder = _write(tmp_path / "class", {"large.py": b"", "grown.py": b""})
    with (folder / "large.py").open("wb") as file:
        file.truncate(LARGEST_NOTEBOOK + 1)
    with open_tree(folder) as tree:
        assert _problems(tree) == {"grown.py": "", "large.py": LARGE}
        with (folder / "grown.py").open("wb") as file:
            file.truncate(LARGEST_NOTEBOOK + 1)
        with pytest.raises(MemberError, match=LARGE):
            tree.read(tree.members[0])


@posix
def test_files_of_every_name_are_read_and_their_names_can_be(tmp_path: Path) -> None:
    names = {
        b"\xfcbung.py": ("übung.py", ""),
        b"\x81.py": ("\ufffd.py", ""),
        "u\u0308.py".encode(): ("\u00fc.py", ""),
        b"a\\b.py": ("a/b.py", ""),
        b"line\n.py": ("line\n.py", CONTROL),
        b"C:x.py": ("C:x.py", LEADS_OUT),
    }
    for name in names:
        try:
            Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
        except OSError:
            pytest.skip("this system has no such names")
    with open_tree(tmp_path) as tree:
        assert _problems(tree) == dict(names.values())
        read = {member.path: tree.read(member) for member in tree.members if not member.problem}
    assert read == {path: name for name, (path, problem) in names.items() if not problem}


@posix
def test_of_two_files_whose_names_look_the_same_one_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "\u00fc.py").write_bytes(b"")
    (tmp_path / "u\u0308.py").write_bytes(b"")
    if len([*tmp_path.iterdir()]) == 1:
        pytest.skip("to this system they are the same")
    with open_tree(tmp_path) as tree:
        assert [member.problem for member in tree.members] == [TWICE, ""]


def test_folders_as_deep_as_no_path_may_be_are_told_of_and_left(tmp_path: Path) -> None:
    deep = Path(*"a" * 51)
    _write(tmp_path, {f"{deep}/q6.py": b"", "q6.py": b""})
    with open_tree(tmp_path) as tree:
        assert _problems(tree) == {str(deep): LONG_PATH, "q6.py": ""}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_what_the_system_keeps_from_being_read_is_told_of(tmp_path: Path) -> None:
    _write(tmp_path, {"closed/q6.py": b"", "locked.py": b"", "q6.py": b"1"})
    (tmp_path / "closed").chmod(0)
    (tmp_path / "locked.py").chmod(0)
    try:
        with open_tree(tmp_path) as tree:
            denied = "cannot be read (Permission denied)"
            assert _problems(tree) == {"closed": denied, "locked.py": "", "q6.py": ""}
            with pytest.raises(MemberError) as caught:
                tree.read(tree.members[1])
        assert str(caught.value) == denied
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_folders_that_hold_nobody_s_work_are_not_looked_into(tmp_path: Path) -> None:
    kept = {"a/q6.py": b"", "a/venv/my/q3.py": b"", "lib/help.py": b""}
    junk = (".git/config", "node_modules/x.js", "__pycache__/q6.pyc", "venv/Lib/x.py")
    _write(tmp_path, {**kept, **{f"a/{path}": b"" for path in junk}, "a/venv/pyvenv.cfg": b""})
    with open_tree(tmp_path) as tree:
        assert {*_problems(tree)} == {*kept, "a/venv/pyvenv.cfg"}


def test_a_folder_that_is_given_may_be_a_link_and_have_any_name(tmp_path: Path) -> None:
    folder = _write(tmp_path / ".hidden", {"q6.py": b"1"})
    try:
        (tmp_path / "link").symlink_to(folder)
    except OSError:
        pytest.skip("no links here")
    with open_tree(tmp_path / "link") as tree:
        assert tree.name == "link"
        assert tree.read(tree.members[0]) == b"1"


def test_more_files_than_any_class_has_are_refused(tmp_path: Path) -> None:
    _write(tmp_path, {"a": b"", "b": b"", "c/d": b""})
    assert len(FolderTree(tmp_path, Bounds(3, 0)).members) == 3
    with pytest.raises(ArchiveError, match=r"^holds more than 2 files$"):
        FolderTree(tmp_path, Bounds(2, 0))


REFUSED = {
    "class.py": (b"print()\n", "is no archive that can be opened here"),
    "class.rar": (b"Rar!\x1a\x07\x01\0", "is a RAR archive, which cannot be opened here"),
    "class.7z": (b"7z\xbc\xaf\x27\x1c", "is a 7-Zip archive, which cannot be opened here"),
    "class.zst": (b"\x28\xb5\x2f\xfd", "is a Zstandard archive, which cannot be opened here"),
    "class.zip": (zipped(FILES)[:-60], "is cut off"),
    "class.tgz": (tarred(FILES, "w:gz")[:60], "is damaged or cut off"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_archive_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    data, reason = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(UnreadableError) as caught:
        open_tree(path)
    assert str(caught.value) == (
        f"{path} {reason}: give a folder, a .zip or a .tar with all that was handed in."
    )


def test_what_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(NothingThereError) as caught:
        open_tree(tmp_path / "class")
    assert str(caught.value) == f"{tmp_path / 'class'} is not there, or not any more."


@posix
def test_a_pipe_is_refused_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UnreadableError, match="is neither a folder nor an archive"):
        open_tree(tmp_path / "pipe")


@pytest.mark.parametrize("name", ["class.zip", "class.tar"])
def test_an_archive_that_goes_bad_while_it_is_read_is_told_of(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(zipped(FILES) if name == "class.zip" else tarred(FILES))
    with open_tree(path) as tree:
        path.write_bytes(b"")
        for member in tree.members:
            with pytest.raises(MemberError, match="is damaged, and was left out"):
                tree.read(member)


def test_a_finding_quotes_a_path_in_one_line_and_cuts_it() -> None:
    assert shown("ü\n\x1b[2J") == "ü\\n\\x1b[2J"
    assert shown("x" * 101) == "x" * 97 + "..."


def test_links_in_archives_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    with tarfile.open(tmp_path / "class.tar", "w") as archive:
        info = tarfile.TarInfo("q6.py")
        info.type, info.linkname = tarfile.SYMTYPE, str(tmp_path / "secret")
        archive.addfile(info)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive_too:
        entry = zipfile.ZipInfo("q6.py")
        entry.external_attr = 0o120777 << 16
        archive_too.writestr(entry, str(tmp_path / "secret"))
    for name in ("class.tar", "class.zip"):
        with open_tree(tmp_path / name) as tree, pytest.raises(MemberError, match=LINK):
            tree.read(tree.members[0])

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.report.files import UnwritableError, keep_file, write_file, write_files


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def failing() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError


def test_a_file_is_as_readable_as_any_new_one(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "out", [b"a", b"b"])
    finally:
        os.umask(before)
    assert (tmp_path / "out").read_bytes() == b"ab"
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o640
    assert left_in(tmp_path) == ["out"]


def test_what_was_there_is_kept_until_all_is_written(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")

    def chunks() -> Iterator[bytes]:
        yield b"new"
        assert target.read_bytes() == b"old"

    write_file(target, chunks())
    assert target.read_bytes() == b"new"
    with pytest.raises(RuntimeError):
        write_file(target, failing())
    assert target.read_bytes() == b"new"
    assert left_in(tmp_path) == ["out"]


@pytest.mark.parametrize("size", [100, 100_000])
def test_a_full_disk_is_told_in_a_line_and_what_was_there_is_kept(
    tmp_path: Path, size: int
) -> None:
    (tmp_path / "out").write_bytes(b"old")
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A file may not grow beyond this, as beyond the end of a disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        with pytest.raises(UnwritableError, match=r"out cannot be written: File too large\."):
            write_file(tmp_path / "out", [b"x" * size])
        with pytest.raises(UnwritableError, match=r"docs cannot be written: File too large\."):
            write_files(tmp_path / "docs", [("a", b"a"), ("b", b"x" * size)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert left_in(tmp_path) == ["out"]
    assert (tmp_path / "out").read_bytes() == b"old"


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "there").write_bytes(b"old")
    (tmp_path / "link").symlink_to("there")
    write_file(tmp_path / "link", [b"new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"


def test_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for target, why in (
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "is a pipe or a device"),
        (Path("/dev/null"), "is a pipe or a device"),
        (tmp_path / "no" / "out", "there is no folder"),
        (tmp_path / ("x" * 300), "cannot be written: File name too long"),
        (tmp_path / "a\0b", "embedded null"),
    ):
        with pytest.raises(UnwritableError, match=why):
            write_file(target, [b"x"])
    assert left_in(tmp_path) == ["pipe"]


def test_files_come_all_at_once_and_leave_those_of_others(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "docs"
    assert write_files(folder, [("a", b"1"), ("b", b"2")]) == 2
    (folder / "mine").write_bytes(b"m")

    def more() -> Iterator[tuple[str, bytes]]:
        yield "a", b"3"
        assert (folder / "a").read_bytes() == b"1"

    assert write_files(folder, more()) == 1
    assert {name: (folder / name).read_bytes() for name in left_in(folder)} == {
        "a": b"3", "b": b"2", "mine": b"m",
    }  # fmt: skip


def test_a_folder_that_was_made_for_nothing_is_taken_away(tmp_path: Path) -> None:
    def broken() -> Iterator[tuple[str, bytes]]:
        raise RuntimeError
        yield "a", b""

    with pytest.raises(RuntimeError):
        write_files(tmp_path / "docs", broken())
    assert write_files(tmp_path / "docs", []) == 0
    assert left_in(tmp_path) == []


def test_files_need_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnwritableError, match="file cannot be written: File exists"):
        write_files(tmp_path / "file", [("a", b"")])


def test_a_file_that_says_the_same_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "page"
    keep_file(target, b"one")
    os.utime(target, ns=(1, 1))
    keep_file(target, b"one")
    assert target.stat().st_mtime_ns == 1
    keep_file(target, b"two")
    assert (target.read_bytes(), left_in(tmp_path)) == (b"two", ["page"])


def test_a_file_that_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "page").mkdir()
    with pytest.raises(IsADirectoryError):
        keep_file(tmp_path / "page", b"one")
    assert left_in(tmp_path) == ["page"]

"""A run's folder goes, whatever is in it and whoever else clears it away."""

import subprocess
import sys
from pathlib import Path

from grader.run.scratch import remove

TOGETHER = """
import sys
from pathlib import Path
from grader.run.scratch import remove
sys.stdin.read()  # until all can begin
remove(Path(sys.argv[1]))
"""


def test_several_clear_a_folder_away_at_once_without_tripping_over_each_other(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "folder"
    for number in range(600):
        deep = folder / f"{number}" / "a" / "b"
        deep.mkdir(parents=True)
        (deep / "file").touch()
    all_of_them = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, folder],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(3)
    ]
    for process in all_of_them:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    assert [process.communicate()[1] for process in all_of_them] == ["", "", ""]
    assert not folder.exists()


def test_a_link_in_its_place_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").touch()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "theirs")
    remove(link)
    assert not link.is_symlink()
    assert (tmp_path / "theirs" / "file").exists()

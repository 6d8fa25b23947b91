"""Which files of its folder a program takes along into the sandbox."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.run import companions as module
from grader.run.companions import companions


def _taken(folder: Path, *sources: str, whole: bool = False) -> list[str]:
    taken = companions(str(folder), sources, whole=whole)
    return sorted(os.fsdecode(file.path) for file in taken if not file.path.endswith(b"/"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("helper.py", "other.py", "bob.py", "grades.csv", "kit/__init__.py", "kit/a/b.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text("x = 1")
    (tmp_path / "kit" / "data.bin").write_bytes(b"\0")
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        "import helper",
        "import os, helper as h",
        "import os, \\\n    helper",
        "from helper import *",
        "from helper.inner import x",
        "if True:\n    import helper",
        "try: import helper\nexcept ImportError: pass",
        "import os; import helper",
        "importlib.import_module('helper')",
        '__import__("helper")',
        "print('no Python' import helper\nimport helper",
    ],
)
def test_a_lone_file_takes_along_the_modules_that_it_imports(folder: Path, source: str) -> None:
    assert _taken(folder, source) == ["helper.py"]


def test_of_a_package_all_modules_are_taken_and_nothing_else(folder: Path) -> None:
    assert _taken(folder, "import kit.a.b") == ["kit/__init__.py", "kit/a/b.py"]


def test_what_a_module_imports_is_taken_too(folder: Path) -> None:
    (folder / "helper.py").write_text("from other import x\nimport helper")
    assert _taken(folder, "import helper") == ["helper.py", "other.py"]


def test_the_cells_of_a_notebook_count_together(folder: Path) -> None:
    assert _taken(folder, "%time import helper", "!ls\nimport other") == ["other.py"]


def test_what_stands_in_the_place_of_one_of_pythons_modules_is_taken(folder: Path) -> None:
    (folder / "queue.py").write_text("")
    assert _taken(folder, "import multiprocessing") == ["queue.py"]


def test_words_that_are_no_import_take_nothing(folder: Path) -> None:
    assert _taken(folder, "helper = 1\nprint('bob')\nopen('grades.csv')") == []


def test_a_folder_that_was_handed_in_is_taken_whole(folder: Path) -> None:
    for hidden in (".git/config", ".secret", "__pycache__/q6.pyc", "env/pyvenv.cfg", "env/lib.py"):
        path = folder / hidden
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    assert _taken(folder, "", whole=True) == [
        "bob.py",
        "grades.csv",
        "helper.py",
        "kit/__init__.py",
        "kit/a/b.py",
        "kit/data.bin",
        "other.py",
    ]


@pytest.mark.parametrize("bound", ["MOST_FILES", "MOST_BYTES"])
def test_a_folder_that_is_too_much_is_anybodys(
    folder: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(module, bound, 5)
    (folder / "helper.py").write_text("x")
    assert _taken(folder, "import helper", whole=True) == ["helper.py"]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("link", [os.symlink, os.link])
def test_what_a_link_leads_out_to_stays_there(
    tmp_path: Path, link: Callable[[Path, Path], None], whole: bool
) -> None:
    (tmp_path / "secret.py").write_text("precious")
    own = tmp_path / "own"
    own.mkdir()
    link(tmp_path / "secret.py", own / "helper.py")
    assert _taken(own, "import helper", whole=whole) == []


def test_a_link_within_the_folder_is_taken_as_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_text("x = 1")
    (tmp_path / "helper.py").symlink_to("real.py")
    (file,) = companions(str(tmp_path), ["import helper"], whole=False)
    assert (file.path, file.data) == (b"helper.py", b"x = 1")


def test_a_folder_that_is_a_link_is_not_entered(tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "a.py").write_text("")
    own = tmp_path / "own"
    own.mkdir()
    (own / "kit").symlink_to(tmp_path / "private")
    assert _taken(own, "import kit", whole=True) == []


def test_what_is_no_file_is_left_where_it_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "helper.py")
    (tmp_path / "other.py").mkdir()
    assert _taken(tmp_path, "import helper, other", whole=True) == []


def test_names_that_are_not_unicode_and_executables_stay_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.sh")
    file.touch(0o755)
    (taken,) = companions(str(tmp_path), [], whole=True)
    assert (taken.path, taken.executable) == (b"caf\xe9.sh", True)


def test_a_module_and_a_folder_of_the_same_name_are_both_taken(folder: Path) -> None:
    (folder / "helper").mkdir()
    (folder / "helper" / "part.py").write_text("")
    assert _taken(folder, "import helper") == ["helper.py", "helper/part.py"]


def test_empty_folders_go_along(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (taken,) = companions(str(tmp_path), [], whole=True)
    assert taken.path == b"out/"

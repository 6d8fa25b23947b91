"""Absurd submissions end in a clear finding or in one line, and soon."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60
"""On a busy machine; alone, each takes a few."""

Done = subprocess.CompletedProcess[str]


def _grade(folder: Path, *arguments: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "kit itself" not in done.stdout + done.stderr
    return done


def _filled(path: Path, line: bytes, size: int = 200 << 20) -> None:
    with path.open("wb") as file:
        for _ in range(size >> 20):
            file.write(line * ((1 << 20) // len(line)))


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 << 20)


def _notebook(path: Path, **more: Any) -> None:
    path.write_text(json.dumps({"nbformat": 4, "cells": [], **more}))


FINDINGS: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "200 MB of holes": ("q6.py", _sparse, "larger than 256 KiB"),
    "200 MB of code": ("q6.py", lambda p: _filled(p, b"x = 1\n"), "larger than 256 KiB"),
    "a million terms": (
        "q6.py",
        lambda p: p.write_text("+".join("1" * 1_000_000)),
        "larger than 256 KiB",
    ),
    "a notebook of 200 MB": ("q6.ipynb", _sparse, "larger than 16 MiB"),
    "100,000 cells": (
        "q6.ipynb",
        lambda p: _notebook(p, cells=[{"cell_type": "code", "source": "1"}] * 100_000),
        "has 100,000 cells",
    ),
    "a deep notebook": (
        "q6.ipynb",
        lambda p: p.write_text('{"cells":' * 100_000 + "[]" + "}" * 100_000),
        "nested too deeply",
    ),
    "null bytes": (
        "q6.py",
        lambda p: p.write_bytes(bytes(5000)),
        # Before 3.11.4 Python took the first one for the end of a file.
        "null bytes" if sys.version_info >= (3, 11, 4) else "none was started",
    ),
    "no UTF-8": ("q6.py", lambda p: p.write_bytes(b"print('\xff\xfe')\n"), "UTF-8"),
    "brackets": (
        "q6.py",
        lambda p: p.write_text("(" * 100_000 + "1" + ")" * 100_000),
        "too many nested parentheses",
    ),
    "terms": ("mine.py", lambda p: p.write_text("+".join("1" * 100_000)), "failed, 0 of 10"),
    "a folder called q6.py": ("q6.py", lambda p: p.mkdir(), "There is no q6.py in q6.py"),
}


@pytest.mark.parametrize("what", FINDINGS)
def test_what_is_no_answer_is_a_finding_that_says_why(tmp_path: Path, what: str) -> None:
    name, make, says = FINDINGS[what]
    make(tmp_path / name)
    done = _grade(tmp_path, "q6", name, "--no-portable", "--memory-limit", "512")
    assert (done.returncode, done.stderr) == (1, "")
    assert says in " ".join(done.stdout.split())


def _bound(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # an address may have little more than 100 characters (unix(7))
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(path.name)
    finally:
        os.chdir(here)


MISTAKES: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo if hasattr(os, "mkfifo") else Path.mkdir,
    "a socket": _bound,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "standard input": lambda path: path.symlink_to("/dev/stdin"),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="what POSIX systems alone have")
@pytest.mark.parametrize("what", MISTAKES)
@pytest.mark.parametrize("name", ["q6.py", "mine.py", "q6.ipynb"])
def test_what_is_no_file_is_refused_in_one_line(tmp_path: Path, what: str, name: str) -> None:
    MISTAKES[what](tmp_path / name)
    for arguments in (("q6", name), ("trace", name), ("hint", "q6", name), ("all", f"./{name}")):
        done = _grade(tmp_path, *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert name in line


@pytest.mark.parametrize(
    "arguments", [("q6",), ("trace",), ("verify",), ("q6", "x.ipynb", "--executed")]
)
def test_a_path_of_4000_characters_is_refused_in_one_line(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    _notebook(tmp_path / "x.ipynb")
    done = _grade(tmp_path, *arguments, "a" * 4000 + ".ipynb")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_trace_of_what_is_no_program_is_refused_too(tmp_path: Path) -> None:
    _sparse(tmp_path / "big.py")
    done = _grade(tmp_path, "trace", "big.py")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("grade: big.py is larger than 256 KiB")


def test_a_folder_of_ten_thousand_files_and_folders_is_one_submission(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number}.py").touch()
        (tmp_path / f"{number}").mkdir()
    (tmp_path / "q6.py").write_text("print(1)")
    done = _grade(tmp_path, "all", ".", "--no-portable", "--format", "json")
    found = [each["status"] for each in json.loads(done.stdout)["exercises"]]
    assert (done.returncode, found) == (1, ["absent", "absent", "failed"])


@pytest.mark.skipif(sys.platform == "win32", reason="no such name may be there")
@pytest.mark.parametrize(
    "name",
    [
        "a\nb.py",
        "'\"`$(x).py",
        "\u202e\u200fyp.py",
        "a" * 252 + ".py",
        "-rf.py",
        "--help.py",
        "\udcff.py",
    ],
)
def test_a_file_is_graded_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("print('seen')")
    (tmp_path / "below").mkdir()
    for path in (name, f"below/../{name}"):
        done = _grade(tmp_path, "q6", "--no-portable", "--format", "json", "--", path)
        assert done.returncode == 1, done.stderr
        (report,) = json.loads(done.stdout)["exercises"]
        assert report["trace"]["writes"][0]["text"] == "seen\n"


def _removed_by(program: str, folder: Path, *arguments: str) -> Done:
    """Run the command in a Python in which something removes the file between two looks at it."""
    source = f"import sys\nfrom grader.cli import main\n{program}\nsys.exit(main({arguments!r}))"
    return subprocess.run(
        [sys.executable, "-c", source],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("name", ["q6.py", "mine.py", "mine.ipynb"])
def test_a_file_that_is_removed_meanwhile_is_said_to_be_gone(tmp_path: Path, name: str) -> None:
    if name.endswith(".py"):
        (tmp_path / name).write_text("print(1)")
    else:
        _notebook(tmp_path / name)
    removing = (
        "import os, grader.grading as g\n"
        "load = g.load\n"
        f"g.load = lambda *a: (os.path.exists({name!r}) and os.remove({name!r}), load(*a))[1]\n"
    )
    done = _removed_by(removing, tmp_path, "q6", name)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line == f"grade: there is nothing at {name}."


def test_files_that_come_and_go_while_it_is_graded_end_in_no_traceback(tmp_path: Path) -> None:
    file, stop = tmp_path / "q6.py", threading.Event()

    def churn() -> None:
        while not stop.is_set():
            file.write_text("print(1)")
            file.unlink()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(5):
            done = _grade(tmp_path, "q6", "q6.py", "--no-portable")
            assert done.returncode in (1, 2)
    finally:
        stop.set()
        thread.join()


def test_a_notebook_that_changes_itself_is_not_written_with_outputs_of_others(
    tmp_path: Path,
) -> None:
    source = "open('q6.ipynb', 'w').write('{\"nbformat\": 4, \"cells\": []}')"
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": []}]
    _notebook(tmp_path / "q6.ipynb", cells=cells)
    arguments = ("q6", "q6.ipynb", "--executed", "out.ipynb", "--no-portable")
    # Where a sandbox keeps it from doing so, there is nothing to refuse.
    done = _grade(tmp_path, *arguments, "--sandbox", "off")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "grade: q6.ipynb was changed while it was graded.\n"
    assert not (tmp_path / "out.ipynb").exists()

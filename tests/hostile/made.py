"""Hostile submissions that no repository should hold: made when they are needed."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.conftest import ROOT

_PROGRAMS = ROOT / "tests" / "submissions" / "hostile"
_GOOD = ROOT / "solutions" / "q6.py"
_DATA = """
from multiprocessing import Process
def show(number):
    print(number)
if __name__ == "__main__":
    for name in ("data.txt", "folder/secret.txt"):
        try:
            with open(name) as file:
                print("found:", file.read())
        except OSError as error:
            print("REFUSED", error.strerror)
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
"""


def _folder(desk: Path) -> Path:
    """A folder with a right answer in it."""
    folder = desk / "handed_in"
    folder.mkdir()
    shutil.copy(_GOOD, folder / "q6.py")
    return folder


def _named(name: str) -> Callable[[Path], Path]:
    def make(desk: Path) -> Path:
        return Path(shutil.copy(_GOOD, desk / name))

    return make


def _large_source(desk: Path) -> Path:
    path = desk / "large.py"
    block = "x = 1\n" * 100_000
    with path.open("w", encoding="ascii") as file:
        for _ in range((200 << 20) // len(block)):
            file.write(block)
    return path


def _null_bytes(desk: Path) -> Path:
    path = desk / "null.py"
    # Before 3.11.4 Python took the first one for the end of a file.
    path.write_bytes(b"(" + bytes(10_000))
    return path


def _with_line(line: str) -> Callable[[Path], Path]:
    """A right answer below a text with a line that a careless search takes for ever on."""

    def make(desk: Path) -> Path:
        path = desk / "line.py"
        path.write_text(f'text = """\n{line}\n"""\n{_GOOD.read_text("utf-8")}', "utf-8")
        return path

    return make


def _many_files(desk: Path) -> Path:
    folder = _folder(desk)
    for number in range(10_000):
        (folder / f"file{number}.txt").touch()
    return folder


def _large_file_beside(desk: Path) -> Path:
    folder = _folder(desk)
    with (folder / "data.bin").open("wb") as file:
        file.truncate(1 << 40)
    return folder


def _deep_folders(desk: Path) -> Path:
    folder = _folder(desk)
    inner = os.open(folder, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=inner)
        outer, inner = inner, os.open("d", os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)
    return folder


def _long_path(desk: Path) -> Path:
    room = 4000 - len(str(desk)) - len("/q6.py")
    folder = desk.joinpath(*["d" * 99] * (room // 100), "e" * (room % 100 - 1))
    folder.mkdir(parents=True)
    return Path(shutil.copy(_GOOD, folder / "q6.py"))


def _pipe(desk: Path) -> Path:
    path = desk / "pipe.py"
    os.mkfifo(path)
    return path


def _pipe_for_an_answer(desk: Path) -> Path:
    folder = desk / "handed_in"
    folder.mkdir()
    os.mkfifo(folder / "q6.py")
    return folder


def _device(desk: Path) -> Path:
    path = desk / "zero.py"
    path.symlink_to("/dev/zero")
    return path


def _folder_for_an_answer(desk: Path) -> Path:
    (desk / "handed_in" / "q6.py").mkdir(parents=True)
    return desk / "handed_in"


def _no_files_beside(desk: Path) -> Path:
    folder = _folder(desk)
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(folder / "socket"))
    for name, target in (("zero", "/dev/zero"), ("nowhere", "gone"), ("itself", "itself")):
        (folder / name).symlink_to(target)
    return folder


def _links_to_folders(desk: Path) -> Path:
    folder = _folder(desk)
    (folder / "inner").mkdir()
    for name, target in (("here", "."), ("up", ".."), ("root", "/"), ("inside", "inner")):
        (folder / name).symlink_to(target)
    return folder


def _link_to_the_solution(desk: Path) -> Path:
    folder = desk / "handed_in"
    folder.mkdir()
    (folder / "q6.py").symlink_to(_GOOD)
    return folder


def _links_to_secrets(desk: Path) -> Path:
    folder = _folder(desk)
    (folder / "q6.py").write_text(_DATA, encoding="utf-8")
    (folder / "data.txt").symlink_to(desk / "home" / "secret.txt")
    (folder / "folder").symlink_to(desk / "home")
    return folder


def _hard_link_to_a_secret(desk: Path) -> Path:
    folder = _folder(desk)
    (folder / "q6.py").write_text(_DATA, encoding="utf-8")
    (folder / "data.txt").hardlink_to(desk / "home" / "secret.txt")
    return folder


def _notebook(program: str) -> Callable[[Path], Path]:
    """A notebook whose only cell of code is a program of this folder."""

    def make(desk: Path) -> Path:
        shared, own = ((_PROGRAMS / name).read_text("utf-8") for name in ("four.py", program))
        source = shared + own.replace("from four import four\n", "")
        words, code = new_markdown_cell("## Question 6"), new_code_cell(source)
        path = desk / "answers.ipynb"
        nbformat.write(new_notebook(cells=[words, code]), path)
        return path

    return make


MADE: dict[str, Callable[[Path], Path]] = {
    "large source": _large_source,
    "null bytes": _null_bytes,
    "long name after from": _with_line("from " + "a" * 200_000),
    "long blanks after import": _with_line("import " + " " * 200_000 + "!"),
    "many files": _many_files,
    "large file beside": _large_file_beside,
    "deep folders": _deep_folders,
    "long path": _long_path,
    "pipe": _pipe,
    "pipe for an answer": _pipe_for_an_answer,
    "device": _device,
    "folder for an answer": _folder_for_an_answer,
    "no files beside": _no_files_beside,
    "links to folders": _links_to_folders,
    "link to the solution": _link_to_the_solution,
    "links to secrets": _links_to_secrets,
    "hard link to a secret": _hard_link_to_a_secret,
    "notebook that kills everyone": _notebook("signals/kills_everyone.py"),
    "notebook that reads everything": _notebook("reaches/reads_everything.py"),
    "notebook that traces its parent": _notebook("reaches/traces_its_parent.py"),
    "notebook that calls loopback": _notebook("reaches/calls_loopback.py"),
    "notebook that takes rights": _notebook("reaches/takes_rights.py"),
    "notebook that takes memory": _notebook("hogs/memory_of_one.py"),
    "name with newlines": _named("q6\n::error::owned\n.py"),
    "name with quotes": _named("q'6\"; $(touch owned) `x` \\.py"),
    "name of dots": _named("...py"),
    "name like an option": _named("-c import os.py"),
    "name that runs backwards": _named("\u202eyp.6q\u2066.py"),
    "name with escapes": _named("\x1b[2J\x1b]0;owned\x07.py"),
    "name that is no text": _named("q6-\udcff.py"),
    "name of 250 characters": _named("q" * 247 + ".py"),
}

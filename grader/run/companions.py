"""The files that go along with a program into its sandbox."""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator

from grader.limits import MOST_BYTES, MOST_FILES
from grader.run.request import File

_LONGEST_SOURCE = 1 << 20
"""Of what is larger, only so much is looked through for imports."""

_IMPORT = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+(\w+)(?:\.[\w.]*)?[ \t]+import\b|import[ \t]+([\w., \t]+))"
    r"|(?:import_module|__import__)\(\s*['\"](\w+)",
    re.MULTILINE,
)
_CONTINUED = re.compile(r"\\\r?\n")

_NOT_HANDED_IN = ("__pycache__", "node_modules")


def companions(folder: str, sources: Iterable[str], *, whole: bool) -> tuple[File, ...]:
    """The files of a submission's folder that a program with these sources may need.

    With `whole` the folder is the submission: all that lies in it, but for hidden files and
    environments. Otherwise, and where that is too much, the folder is anybody's: only the
    modules in it that the sources import, and those that stand in the place of one of
    Python's own, which any import may come upon. What leads out of the folder, by a link of
    either kind, stays there.
    """
    if whole:
        files = _limited(_below(folder, ""))
        if files is not None:
            return files
    return _limited(_imported(folder, sources)) or ()


def _limited(files: Iterator[File]) -> tuple[File, ...] | None:
    """All of them, or None if they are too many."""
    taken: list[File] = []
    size = 0
    for file in files:
        taken.append(file)
        size += len(file.data)
        if len(taken) > MOST_FILES or size > MOST_BYTES:
            return None
    return tuple(taken)


def _imported(folder: str, sources: Iterable[str]) -> Iterator[File]:
    try:
        names = os.listdir(folder)
    except OSError:
        return
    there: dict[str, list[str]] = {}
    for name in names:
        there.setdefault(name.removesuffix(".py"), []).append(name)
    wanted = set(sys.stdlib_module_names) & there.keys()
    pending = list(sources)
    while pending:
        wanted |= _names_imported(pending.pop()) & there.keys()
        while wanted:
            for name in there.pop(wanted.pop()):
                for file in _module(folder, name):
                    yield file
                    pending.append(file.data[:_LONGEST_SOURCE].decode("utf-8", "replace"))


def _names_imported(source: str) -> set[str]:
    """The top-level names of the modules that a program imports, or seems to."""
    names: set[str] = set()
    for origin, listed, called in _IMPORT.findall(_CONTINUED.sub(" ", source[:_LONGEST_SOURCE])):
        names |= {origin, called, *(part.strip().split(".")[0] for part in listed.split(","))}
    return {name.split()[0] for name in names if name.strip()}


def _module(folder: str, name: str) -> Iterator[File]:
    """A module's file, or all those of a package."""
    if name.endswith(".py"):
        yield from _file(folder, name)
    elif os.path.isdir(os.path.join(folder, name)):
        yield from (file for file in _below(folder, name) if file.path.endswith(b".py"))


def _below(folder: str, place: str) -> Iterator[File]:
    """All that is below a place in the folder, as deep as a path can tell."""
    pending = [place]
    while pending:
        place = pending.pop()
        try:
            entries = sorted(os.scandir(os.path.join(folder, place)), key=lambda each: each.name)
        except OSError:
            continue
        for entry in entries:
            path = os.path.join(place, entry.name)
            if entry.name.startswith(".") or entry.name in _NOT_HANDED_IN:
                continue
            if not entry.is_dir(follow_symlinks=False):
                yield from _file(folder, path)
            elif not os.path.exists(os.path.join(entry.path, "pyvenv.cfg")):
                yield File(os.fsencode(f"{path}/"), b"")
                pending.append(path)


def _file(folder: str, path: str) -> Iterator[File]:
    """A regular file that has no other name anywhere, unless it cannot be read.

    Of a link within the folder it is the file that it leads to.
    """
    top = os.path.realpath(folder)
    real = os.path.realpath(os.path.join(folder, path))
    if os.path.commonpath([top, real]) != top:
        return
    try:
        fd = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return
    state = os.fstat(fd)
    if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
        os.close(fd)
        return
    with open(fd, "rb") as file:
        executable = bool(state.st_mode & stat.S_IXUSR)
        yield File(os.fsencode(path), file.read(MOST_BYTES + 1), executable)

"""Which files of a folder may hold the answer to an exercise, in order of belief.

1. A file named after the question: its number as a word of its own, after a word such as q,
   question, exercise, task or answer (`Q6.py`, `alice_question-06_final.ipynb`). `q6.py`,
   `q6.ipynb`, copies of these such as `q6 (1).py`, and the kit's own notebook for all come
   before other names; a name of several questions (`q3_q6.py`, `q1-6.py`) and, for a program of
   one answer, a number without such a word (`6_four.py`) come after them.
2. A file of several answers, a notebook or a program, that says which of them is this one.
3. One that does not say so: what its code does may tell.
4. The only program, but for those that others import, tests and what sets up a package.

What others import comes last in 1, and is nothing in 2 to 4.

A folder counts before those in it: 1 and 2 are looked for in those that lie deeper only
where there is nothing above, 3 and 4 after that, and nothing in what nobody hands in (hidden
folders, environments). A file named after another question is none, unless it says that
it holds this answer too.

Of what is equally credible the one that was changed last comes first. Times within two
seconds of the last tell nothing, since whatever copies a folder gives such to all its files:
then it is the one with the most answers, the highest number of a copy, q6.py before q6.ipynb
and the kit's notebook for all, the most in it, the first by name. Whatever its time, what calls
itself old comes last, and so does a program beside a notebook of the same name (but for q6.py
and q6.ipynb), which was made of that.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from sys import stdlib_module_names

from msgspec import Struct

from grader.load.content import LARGEST_NOTEBOOK, LARGEST_SOURCE, NotAProgramError, content
from grader.load.filenames import (
    copy_number,
    has_word,
    is_for_one,
    is_for_others,
    is_old,
    numbers_in,
    without_copy,
)

PROGRAM, NOTEBOOK = ".py", ".ipynb"

_MOST_ENTRIES = 10_000
"""Files and folders that are looked at, all together, by their names."""

_DEEPEST = 4
"""Folders below one another: an archive in which `alice/assignment/src/` is kept."""

_MOST_READ = 50
"""Of more programs and notebooks than these in one place only the names count."""

_MOST_BYTES = {PROGRAM: 4 * LARGEST_SOURCE, NOTEBOOK: 2 * LARGEST_NOTEBOOK}
"""And also of larger ones, all together."""

_SAME_TIME = 2_000_000_000
"""Nanoseconds: a zip archive counts time in steps of two seconds (APPNOTE.TXT, 4.4.6)."""

_HANDED_OUT = "assignment.ipynb"
"""What the kit hands out beside q6.py and q6.ipynb, for the same answer."""

_NO_ANSWER = re.compile(r"test_.*|.*_test|conftest|setup|__init__", re.IGNORECASE)
_NOT_HANDED_IN = re.compile(
    r"\..*|__pycache__|__MACOSX|node_modules|site-packages|.*\.egg-info|v?env|virtualenv",
    re.IGNORECASE,
)
_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import[ \t(]+([\w., \t]*)|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)

_SHOWN, _LONGEST = 5, 40
"""Of what was seen so many names are told, each with so many characters."""


def candidates(
    folder: Path, exercise_id: str, is_blank: Callable[[bytes], bool]
) -> Iterator[Path]:
    """The files that may hold the answer, the most credible first.

    No more of a folder is read than whoever asks for the next one needs. `is_blank` says of
    the source of a program that nothing is written in it. Raises OSError if the folder cannot
    be read.
    """
    number = int(exercise_id[1:])
    given: set[Path] = set()
    for file in _in_order_of_belief(folder, exercise_id, number, is_blank):
        if file not in given:
            given.add(file)
            yield file


def _in_order_of_belief(
    folder: Path, exercise_id: str, number: int, is_blank: Callable[[bytes], bool]
) -> Iterator[Path]:
    everything: list[_Read] = []
    perhaps: list[_Read] = []
    for files in _levels(folder, exercise_id):
        yield from _named(files, number)
        read = _read_all(files)
        several = _several(read)
        yield from (each.path for each in several if number in each.answers)
        everything += read
        perhaps += [each for each in several if not is_for_others(each.path, number)]
    perhaps.sort(key=lambda each: not has_word(each.path, number))
    yield from (each.path for each in perhaps)
    programs = [each.path for each in _not_imported(everything) if _is_program(each.path)]
    if len(programs) <= _MOST_READ:
        written = [file for file in programs if not _is_blank(file, is_blank)]
        if len(written) == 1 and not is_for_others(written[0], number):
            yield written[0]


def nothing_in(folder: Path, exercise_id: str) -> str:
    """That there is no answer in a folder, what there is instead, and how to mend it."""
    number = int(exercise_id[1:])
    files = [file for level in _levels(folder, exercise_id) for file in level]
    names = [_shortened(file.relative_to(folder).as_posix()) for file in files[:_SHOWN]]
    said = f"There is no {exercise_id}.py in {folder}"
    if not names:
        return f"{said}."
    rest = len(files) - len(names)
    said += f"; found: {', '.join(names)}{f' and {rest:,} more' if rest else ''}."
    texts = [file for file in files if file.suffix.lower() in ("", ".txt")]
    named = [file for file in texts if number in numbers_in(file.stem)]
    if named:
        return f"{said} If {_shortened(named[0].name)} is the program, call it {exercise_id}.py."
    if any(_may_be_answer(file) and not is_for_others(file, number) for file in files):
        return f"{said} Call the program that answers it {exercise_id}.py."
    return said


def _shortened(name: str) -> str:
    name = " ".join(name.split())
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."


# -- what lies there -----------------------------------------------------------------------


def _levels(folder: Path, exercise_id: str) -> Iterator[list[Path]]:
    """The files of the folder, then those of the folders in it, and so on, by name."""
    room = _MOST_ENTRIES
    folders = [folder]
    for depth in range(_DEEPEST + 1):
        files: list[Path] = []
        below: list[Path] = []
        for place in folders:
            entries = _entries(place, room, may_fail=depth > 0)
            room -= len(entries)
            files += [place / each.name for each in entries if _is_file(each)]
            below += [place / each.name for each in entries if _is_looked_into(each)]
        if depth == 0:
            # These are seen however many others there are.
            own = [folder / f"{exercise_id}{ending}" for ending in (PROGRAM, NOTEBOOK)]
            files += [file for file in own if file not in files and file.is_file()]
        yield files
        folders = below[:room]


def _entries(folder: Path, at_most: int, *, may_fail: bool) -> "list[os.DirEntry[str]]":
    try:
        with os.scandir(folder) as found:
            entries = [*islice(found, at_most)]
    except OSError:
        if not may_fail:
            raise
        return []
    shown = (entry for entry in entries if not entry.name.startswith("."))
    return sorted(shown, key=lambda entry: entry.name)


def _is_file(entry: "os.DirEntry[str]") -> bool:
    with suppress(OSError):  # a link may lead to itself
        return entry.is_file()
    return False


def _is_looked_into(entry: "os.DirEntry[str]") -> bool:
    return (
        entry.is_dir(follow_symlinks=False)
        and not _NOT_HANDED_IN.fullmatch(entry.name)
        and not Path(entry.path, "pyvenv.cfg").exists()
    )


def _state(file: Path) -> tuple[int, int]:
    """When a file was changed, and its size; it may be gone."""
    with suppress(OSError):
        found = file.stat()
        return found.st_mtime_ns, found.st_size
    return 0, 0


def _is_program(file: Path) -> bool:
    return file.suffix.lower() == PROGRAM


def _may_be_answer(file: Path) -> bool:
    return file.suffix.lower() in (PROGRAM, NOTEBOOK) and not _NO_ANSWER.fullmatch(file.stem)


# -- in which order ------------------------------------------------------------------------


def _named(files: Iterable[Path], number: int) -> Iterator[Path]:
    """The files named after a question."""
    own: list[Path] = []
    handed_out: list[Path] = []
    named: list[Path] = []
    among_others: list[Path] = []
    loosely: list[Path] = []
    for file in filter(_may_be_answer, files):
        numbers = numbers_in(file.stem)
        if file.name == _HANDED_OUT:
            handed_out.append(file)
        elif number in numbers:
            is_own = without_copy(file).lower() == f"q{number}"
            (among_others if len(numbers) > 1 else own if is_own else named).append(file)
        elif not numbers and has_word(file, number):
            loosely.append(file)
    for file in _latest_first([*own, *handed_out] if own else []):
        if file in own or number in _read(file).answers:
            yield file
    yield from _imported_last(_latest_first(named))
    yield from _imported_last(_latest_first(among_others))
    # The number of a file of several answers is rather that of the week.
    one = [each.path for each in _read_all(loosely) if not each.holds_several]
    yield from _imported_last(_latest_first(one))


def _latest_first(
    files: Sequence[Path], answers: Callable[[Path], int] = lambda _file: 0
) -> list[Path]:
    """Files that are equally credible, given by name, as the head of this module tells."""
    if len(files) < 2:
        return [*files]
    states = {file: _state(file) for file in files}
    newest = max(changed for changed, _ in states.values())
    notebooks = {file.with_suffix("") for file in files if not _is_program(file)}

    def order(file: Path) -> tuple[bool | int | str, ...]:
        changed, size = states[file]
        made = _is_program(file) and file.with_suffix("") in notebooks and not is_for_one(file)
        return (
            made or is_old(file),
            max(newest - changed - _SAME_TIME, 0),
            -answers(file),
            -copy_number(file),
            file.name == _HANDED_OUT,
            not _is_program(file),
            -size,
        )

    return sorted(files, key=order)


# -- what they hold ------------------------------------------------------------------------


class _Read(Struct, frozen=True):
    """What a file says: which questions it has code for, if it holds several answers, and
    the words of its imports.
    """

    path: Path
    holds_several: bool = False
    answers: frozenset[int] = frozenset()
    imports: frozenset[str] = frozenset()


def _read_all(files: Iterable[Path]) -> list[_Read]:
    files = [*filter(_may_be_answer, files)]
    if len(files) > _MOST_READ or any(
        sum(_state(file)[1] for file in files if file.suffix.lower() == ending) > limit
        for ending, limit in _MOST_BYTES.items()
    ):
        return [_Read(file, holds_several=not _is_program(file)) for file in files]
    return [_read(file) for file in files]


def _read(file: Path) -> _Read:
    from grader.load.find import find
    from grader.load.notebook import read_notebook
    from grader.load.script import decoded, holds_several, split_script

    unknown = _Read(file, holds_several=not _is_program(file))
    try:
        if file.is_symlink():
            return unknown  # it may lead out of the folder
        if _is_program(file):
            source = decoded(content(file, LARGEST_SOURCE))
            parts = () if is_for_one(file) else split_script(source)
            several = holds_several(parts)
        else:
            parts = read_notebook(file)
            source = "\n".join(part.source for part in parts if part.type == "code")
            several = True
    except NotAProgramError:
        return unknown
    claims = find(parts).claims if several else {}
    return _Read(
        file,
        holds_several=several,
        answers=frozenset(
            int(id_[1:])
            for id_, own in claims.items()
            if any(claim.code or claim.text_code for claim in own)
        ),
        imports=frozenset(_imports(source)),
    )


def _imports(source: str) -> Iterator[str]:
    for origin, names, modules in _IMPORT.findall(source):
        first, *below = origin.split(".")
        yield from (first, *below)
        if first not in stdlib_module_names:
            yield from re.findall(r"\w+", names)
        yield from re.findall(r"\w+", modules)


def _not_imported(files: Sequence[_Read]) -> list[_Read]:
    """Those that no other one imports."""
    count = Counter(word for each in files for word in each.imports)
    return [
        each
        for each in files
        if count[each.path.stem] <= (each.path.stem in each.imports) or not _is_program(each.path)
    ]


def _imported_last(files: list[Path]) -> list[Path]:
    if len(files) < 2:
        return files
    free = {each.path for each in _not_imported(_read_all(files))}
    return sorted(files, key=lambda file: file not in free)


def _several(files: Sequence[_Read]) -> list[_Read]:
    """The files of several answers."""
    found = {each.path: each for each in _not_imported(files) if each.holds_several}
    ordered = _latest_first([*found], lambda file: len(found[file].answers))
    ordered.sort(key=lambda file: bool(numbers_in(file.stem)))
    return [found[file] for file in ordered]


def _is_blank(file: Path, is_blank: Callable[[bytes], bool]) -> bool:
    with suppress(NotAProgramError):
        return not file.is_symlink() and is_blank(content(file, LARGEST_SOURCE))
    return False

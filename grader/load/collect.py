"""Who handed in what: from the downloads and folders of a class to one submission a learner.

A layout says whose each file is (`grader.load.layouts`); here the attempts of each learner are
put together, of which the last counts, and a roster adds who they are. No file is read for that:
a submission is, when it is its turn.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from stat import S_ISDIR
from types import TracebackType
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from grader.handed_in import Learner
from grader.load.attempts import HandedIn, Source, last_attempts
from grader.load.layouts import LAYOUTS, PROGRAMS, CollectError, compiled, recognised, some
from grader.load.matching import matched
from grader.load.members import Tree, shown
from grader.load.roster import read_roster
from grader.load.trees import open_tree
from grader.phrases import counted

__all__ = ["LAYOUTS", "CollectError", "Collection", "HandedIn", "collect"]


class Collection(Struct, frozen=True, kw_only=True):
    """Who of a class handed in what; to be closed once all of it is read.

    `layout` says in a sentence for each path what it was taken for. `missing` are those on the
    roster who handed in nothing, `remarks` what is to be told besides: files that are nobody's,
    learners who are not on the roster.
    """

    layout: str
    handed_in: tuple[HandedIn, ...]
    missing: tuple[Learner, ...] = ()
    remarks: tuple[str, ...] = ()
    trees: tuple[Tree, ...] = ()

    def close(self) -> None:
        """Let go of the downloads."""
        for tree in self.trees:
            tree.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def collect(
    paths: Sequence[Path],
    *,
    layout: str = "auto",
    learner_pattern: str | None = None,
    roster: Path | None = None,
) -> Collection:
    """The submissions in some downloads or folders, a later one holding the later attempts.

    Raises CollectError, or another NotAProgramError with one line for people, where it cannot
    be told who handed in what.
    """
    if layout not in LAYOUTS:
        raise CollectError(f"there is no layout {layout!r}: choose one of {', '.join(LAYOUTS)}.")
    if learner_pattern is not None and layout != "auto":
        raise CollectError("--layout and --learner-pattern exclude each other: leave one out.")
    by = compiled(learner_pattern) if learner_pattern is not None else None
    rows, remarks = read_roster(roster) if roster else ((), ())
    with ExitStack() as stack:
        sources = []
        for at, (place, tree) in enumerate(_trees(paths, stack)):
            try:
                sources.append(Source(at, place, tree, recognised(tree, layout, by)))
            except CollectError as error:
                raise CollectError(f"{place}: {error}") from error
        handed_in = last_attempts(sources)
        found = matched([each.learner for each in handed_in], rows) if roster else None
        stack.pop_all()
    if found:
        pairs = zip(handed_in, found.learners, strict=True)
        handed_in = [replace(each, learner=learner) for each, learner in pairs]
    return Collection(
        layout="\n".join(map(_sentence, sources)),
        handed_in=tuple(handed_in),
        missing=found.missing if found else (),
        remarks=(
            *(remark for source in sources for remark in _remarks(source)),
            *remarks,
            *(found.remarks if found else ()),
        ),
        trees=tuple(source.tree for source in sources),
    )


def _trees(paths: Sequence[Path], stack: ExitStack) -> Iterable[tuple[str, Tree]]:
    """Each path with what it holds; programs that are named themselves are one with their folder.

    A shell makes alice.py and bob.py of *.py, and alice/q6.py and bob/q6.py of */q6.py.
    """
    loose: dict[Path, list[Path]] = defaultdict(list)
    for path in dict.fromkeys(paths):
        if path.name.lower().endswith(PROGRAMS) and _is_no_folder(path):
            loose[path.parent].append(path)
    for path in dict.fromkeys(paths):
        files = loose.get(path.parent, [])
        if path not in files:
            yield str(path), stack.enter_context(open_tree(path))
        elif path == files[0]:
            names = [file.name for file in files]
            yield str(path.parent), stack.enter_context(open_tree(path.parent, names))


def _is_no_folder(path: Path) -> bool:
    """Whether there is a file, or what else may stand in the place of one: a link, a pipe."""
    try:
        return not S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


# -- what is told --------------------------------------------------------------------------


def _sentence(source: Source) -> str:
    reading = source.reading
    learners = len({entry.learner.id for entry in reading.entries})
    files = len({entry.member.path for entry in reading.entries})
    strays = f"; {counted(len(reading.strays), 'file')} beside that" if reading.strays else ""
    return (
        f"{source.place}: {reading.what}, {counted(files, 'file')} of "
        f"{counted(learners, 'learner')}{strays}."
    )


def _remarks(source: Source) -> Iterable[str]:
    strays = source.reading.strays
    broken = [item for item in strays if item.member.problem]
    for item in broken[:20]:
        yield f"{source.place}: {shown(item.member.path)} {item.member.problem}."
    whole = [item.path for item in strays if not item.member.problem]
    if whole:
        yield f"{source.place}: of no learner: {some(whole)}."
    if len(broken) > 20:
        yield f"{source.place}: {len(broken) - 20} more files could not be read."
    yield from (f"{source.place}: {remark}" for remark in source.reading.remarks)

"""What was handed in, as lines with numbers to show: programs, and the cells of notebooks.

Nothing here trusts a file. What is no notebook after all, or no text, is shown for what it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from grader.handed_in import HandedInFile
from grader.mark import ExerciseReport
from grader.phrases import counted
from grader.report.html.words import cut
from grader.sources import cells_of

LINES_SHOWN = 2000
"""Of all that one learner handed in."""

_FILES_SHOWN = 50
_LONGEST_LINE = 600
_LARGEST = 16 << 20
_NOTEBOOK = ".ipynb"


class Line(Struct, frozen=True):
    """A line to show. `answer` is the exercise that it was taken as an answer to, or ""."""

    number: int
    text: str
    answer: str


class Block(Struct, frozen=True):
    """A piece of a file: a cell of a notebook, or all of a program. `cell` counts from 1, and
    is None for a program.
    """

    cell: int | None
    kind: str
    answer: str
    lines: tuple[Line, ...]


class File(Struct, frozen=True):
    """A file to show, with a remark on what of it is not shown."""

    path: str
    blocks: tuple[Block, ...]
    remark: str = ""


def shown_files(
    files: Sequence[HandedInFile], reports: Iterable[ExerciseReport]
) -> tuple[File, ...]:
    """The files of a submission, at most LINES_SHOWN lines together, the answers marked."""
    answers = _answers(files, list(reports))
    room = LINES_SHOWN
    shown = []
    for file in files[:_FILES_SHOWN]:
        each = _file(file, answers.get(file.path, []), room)
        room -= sum(len(block.lines) for block in each.blocks)
        shown.append(each)
    if left := files[_FILES_SHOWN:]:
        shown.append(File(f"… and {counted(len(left), 'more file')}", (), "Not shown here."))
    return tuple(shown)


def _answers(
    files: Sequence[HandedInFile], reports: Sequence[ExerciseReport]
) -> dict[str, list[ExerciseReport]]:
    """By file, the reports that name cells or lines in it.

    An answer does not say which file it stands in. Where several could hold it, the one that
    is called like the program that was run does; where that is not known, none is marked.
    """
    found: dict[str, list[ExerciseReport]] = {}
    for report in reports:
        if report.answer is None:
            continue
        notebook = report.answer.lines is None
        could = [file.path for file in files if _is_notebook(file.path) == notebook]
        if len(could) > 1 and report.trace is not None:
            ran = PurePosixPath(report.trace.program.replace("\\", "/")).name
            could = [path for path in could if PurePosixPath(path).name == ran]
        if len(could) == 1:
            found.setdefault(could[0], []).append(report)
    return found


def _is_notebook(path: str) -> bool:
    return path.lower().endswith(_NOTEBOOK)


def _file(file: HandedInFile, answers: Sequence[ExerciseReport], room: int) -> File:
    path = cut(file.path, 200)
    if len(file.data) > _LARGEST:
        return File(path, (), f"Not shown: it has {counted(len(file.data), 'byte')}.")
    if b"\0" in file.data[:4096]:
        size = counted(len(file.data), "byte")
        return File(path, (), f"Not shown: it is no text ({size}).")
    cells = cells_of(file.data) if _is_notebook(path) else None
    if cells is None:
        pieces = [_whole(file.data)]
    else:
        pieces = [(cell.cell_type, cell.source) for cell in cells[:LINES_SHOWN]]
    remark = ""
    if _is_notebook(path) and cells is None:
        remark = "This is no notebook that can be read; here is the file as it is."
    return _bounded(path, pieces, answers, room, remark)


def _bounded(
    path: str,
    pieces: Sequence[tuple[str, str]],
    answers: Sequence[ExerciseReport],
    room: int,
    remark: str,
) -> File:
    blocks: list[Block] = []
    hidden = 0
    for index, (kind, text) in enumerate(pieces):
        texts = text.removesuffix("\n").split("\n") if text else []
        hidden += max(0, len(texts) - room)
        texts = texts[: max(room, 0)]
        room -= len(texts)
        cell = index + 1 if kind else None
        if texts or (room > 0 and kind):
            blocks.append(_block(cell, kind, texts, answers))
    if hidden:
        cut_off = f"{counted(hidden, 'more line')} of it are not shown."
        remark = f"{remark} {cut_off}".strip()
    return File(path, tuple(blocks), remark or ("It is empty." if not blocks else ""))


def _block(
    cell: int | None, kind: str, texts: Sequence[str], answers: Sequence[ExerciseReport]
) -> Block:
    in_cell = ""
    by_line: Mapping[int, str] = {}
    if cell is not None:
        in_cell = _named(r.id for r in answers if r.answer and cell - 1 in r.answer.cells)
    else:
        by_line = _lines_of(answers, len(texts))
    lines = tuple(
        Line(n, _as_shown(text), by_line.get(n, in_cell)) for n, text in enumerate(texts, start=1)
    )
    return Block(cell, kind, in_cell, lines)


def _as_shown(line: str) -> str:
    return cut(cut(line.rstrip("\r"), _LONGEST_LINE).expandtabs(), _LONGEST_LINE)


def _lines_of(answers: Sequence[ExerciseReport], last: int) -> dict[int, str]:
    """By number, what a line of a program is taken as an answer to."""
    by_line: dict[int, str] = {}
    for report in answers:
        if report.answer is not None and report.answer.lines is not None:
            begin, end = report.answer.lines
            for line in range(max(begin, 1), min(end, last) + 1):
                by_line[line] = _named(filter(None, [by_line.get(line), report.id]))
    return by_line


def _named(ids: Iterable[str]) -> str:
    return ", ".join(ids)


def _whole(data: bytes) -> tuple[str, str]:
    # What is no UTF-8 is seen as it is, byte by byte.
    return "", data.decode("utf-8-sig", errors="backslashreplace").replace("\r\n", "\n")

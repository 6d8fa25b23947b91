"""Grading one submission of a class in a worker: bytes in, bytes out, on any machine.

What travels is plain data of ours in JSON, the same for every engine: nothing is unpickled
that learners' programs have had a hand in.
"""

import os
import threading
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from grader.batch.notices import notices_of
from grader.checks import exercise, exercise_ids
from grader.grading import grade
from grader.handed_in import HandedInFile
from grader.load.headings import QUESTIONS
from grader.mark import ExerciseReport, prose, ungradable
from grader.run import keepers
from grader.run.scratch import scratch_folder
from grader.settings import Settings
from grader.sources import cells_of
from grader.trace import Trace

_one_at_a_time = threading.Lock()
"""Dask may give a worker several threads; the limits of a run are meant for a machine that does
as much at once as it was asked to."""


class Task(Struct, frozen=True, kw_only=True):
    """A submission that is to be graded. It travels with all its files, so that who grades it
    needs no disk of ours.
    """

    learner: str
    digest: str
    files: tuple[HandedInFile, ...]
    problems: tuple[str, ...]
    ids: tuple[str, ...]
    settings: Settings


class GradedExercise(Struct, frozen=True, kw_only=True):
    """One exercise as the gradebook keeps it: its report without the trace, in JSON, and the
    trace, in JSON and compressed (b"" where nothing was run).
    """

    id: str
    status: str
    points: int
    max_points: int
    report: bytes
    trace: bytes
    notices: tuple[str, ...]


class Graded(Struct, frozen=True, kw_only=True):
    """A submission that has been graded; `contents` are its files, for keeping."""

    learner: str
    digest: str
    contents: bytes
    exercises: tuple[GradedExercise, ...]


def grade_task(encoded: bytes) -> bytes:
    """Grade a Task in JSON, and give a Graded in JSON. An error of the kit becomes a report."""
    task = msgspec.json.decode(encoded, type=Task)
    with _one_at_a_time:
        return msgspec.json.encode(_graded(task, _reports(task)))


def without_sandbox() -> str:
    """Why there is no sandbox on this machine; "" if there is one."""
    try:
        keepers.require_sandbox()
    except keepers.UnavailableError as error:
        return str(error)
    return ""


def ungraded(task: Task, why: str) -> Graded:
    """What there is to tell of a submission that could not be graded."""
    return _graded(task, tuple(_failed(id_, why) for id_ in task.ids))


def decoded_trace(trace: bytes) -> Trace | None:
    """The trace in a GradedExercise."""
    return msgspec.json.decode(zlib.decompress(trace), type=Trace) if trace else None


def decoded_contents(contents: bytes) -> tuple[HandedInFile, ...]:
    """The files in a Graded."""
    return msgspec.json.decode(zlib.decompress(contents), type=tuple[HandedInFile, ...])


def title_of(id_: str) -> str:
    """What a question is called."""
    if id_ in exercise_ids():
        return exercise(id_).title
    return next((each.text for each in QUESTIONS if each.id == id_), id_)


def _reports(task: Task) -> tuple[ExerciseReport, ...]:
    try:
        with scratch_folder() as scratch:
            folder = scratch / "submission"
            folder.mkdir()
            _write(folder, task.files)
            report = grade(folder, task.ids, task.settings)
            told = _without(folder, msgspec.json.encode(report.exercises))
    except Exception as error:  # of ours, whatever it is: it is told, and the class goes on
        why = f"the kit itself failed: {type(error).__name__}: {error}"
        return tuple(_failed(id_, why) for id_ in task.ids)
    return msgspec.json.decode(told, type=tuple[ExerciseReport, ...])


def _without(folder: Path, told: bytes) -> bytes:
    """Reports in JSON, without the name of the folder where a submission lay for a moment."""
    name, slash = (msgspec.json.encode(text)[1:-1] for text in (str(folder), os.sep))
    return told.replace(name + slash, b"").replace(name, b"what was handed in")


def _write(folder: Path, files: Sequence[HandedInFile]) -> None:
    now = time.time()
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        os.utime(path, (now, now))  # for the order of writing says nothing about an answer


def _failed(id_: str, why: str) -> ExerciseReport:
    if id_ in exercise_ids():
        return ungradable(exercise(id_), why)
    return prose(id_, title_of(id_), "error", why, None)


def _graded(task: Task, reports: Sequence[ExerciseReport]) -> Graded:
    return Graded(
        learner=task.learner,
        digest=task.digest,
        contents=_packed(msgspec.json.encode([_kept(file) for file in task.files])),
        exercises=tuple(_kept_report(_explained(report, task)) for report in reports),
    )


def _explained(report: ExerciseReport, task: Task) -> ExerciseReport:
    """An answer may be missing because what holds it could not be read."""
    if report.status != "absent" or not task.problems:
        return report
    return structs.replace(report, note=" ".join((report.note, *task.problems)).strip())


def _kept_report(report: ExerciseReport) -> GradedExercise:
    trace = _packed(msgspec.json.encode(report.trace)) if report.trace is not None else b""
    return GradedExercise(
        id=report.id,
        status=report.status,
        points=report.points,
        max_points=report.max_points,
        report=msgspec.json.encode(structs.replace(report, trace=None)),
        trace=trace,
        notices=notices_of(report),
    )


def _packed(data: bytes) -> bytes:
    return zlib.compress(data, 1)


_SHOWN = (".py", ".ipynb")
"""What is kept in the gradebook, to be shown beside its report."""


def _kept(file: HandedInFile) -> HandedInFile:
    """A file as it is kept: a whole program, a notebook without outputs, of others the name."""
    if not file.path.lower().endswith(_SHOWN):
        return HandedInFile(file.path, b"")
    if not file.path.lower().endswith(".ipynb"):
        return file
    cells = cells_of(file.data)
    if cells is None:
        return HandedInFile(file.path, file.data[:_LARGEST_BROKEN])
    return HandedInFile(file.path, msgspec.json.encode({"cells": cells}))


_LARGEST_BROKEN = 1 << 18
"""Bytes that are kept of a notebook which is none."""

"""The gradebook: one SQLite file that holds a class, its submissions, reports and marks.

It is the truth: what it says is graded is graded, whatever happens next. It is written in
SQLite's WAL mode with every commit on the disk before it counts, so that others can read while
a batch writes.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import msgspec
from msgspec import structs

from grader.batch.database import GradebookError, connected, told
from grader.batch.version import GradedBy
from grader.batch.work import Graded, decoded_contents, decoded_trace, title_of
from grader.handed_in import HandedInFile, Learner, Submission
from grader.mark import ExerciseReport
from grader.results import ExerciseResult, ManualMark, Result
from grader.run.scratch import is_left_over, new_folder, remove

__all__ = ["FILE", "Gradebook", "GradebookError"]

FILE = "gradebook.sqlite"

_Record = TypeVar("_Record")


class Gradebook:
    """An open gradebook. Every method raises GradebookError where it cannot be done."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self._path = path
        self._connection = connection

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The gradebook of a batch."""
        path = folder / FILE
        if not path.is_file():
            raise GradebookError(
                f"there is no gradebook in {folder}: name the folder that was given to "
                "`grade batch PATH... -o`."
            )
        return cls._connected(path)

    @classmethod
    def create(cls, folder: Path) -> Self:
        """The gradebook in a folder, which is made if it is not there."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise GradebookError(
                f"{folder} cannot be made a folder: {error.strerror or error}."
            ) from error
        return cls._connected(folder / FILE)

    @classmethod
    def _connected(cls, path: Path) -> Self:
        return cls(path, connected(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    # -- what a batch writes ---------------------------------------------------------------

    def submissions(self) -> dict[str, Submission]:
        """What counts for each learner at present, by learner's id."""
        rows = self._rows("SELECT learner, record FROM submissions")
        return {learner: _decode(record, Submission) for learner, record in rows}

    def graded_by(self) -> dict[tuple[str, str], tuple[str, GradedBy]]:
        """Of each report, by learner and exercise: the digest of what was graded, and by what.
        Not of those that the kit failed at, which are to be tried again.
        """
        rows = self._rows(
            "SELECT learner, exercise, digest, kit, checks, settings FROM reports "
            "WHERE status != 'error'"
        )
        return {
            (learner, exercise): (digest, GradedBy(kit, checks, settings))
            for learner, exercise, digest, kit, checks, settings in rows
        }

    def statuses(self) -> dict[str, dict[str, str]]:
        """The statuses of the reports there are, by learner and exercise."""
        found: dict[str, dict[str, str]] = {}
        for learner, exercise, status in self._rows(
            "SELECT learner, exercise, status FROM reports"
        ):
            found.setdefault(learner, {})[exercise] = status
        return found

    def enrol(self, learners: Sequence[Learner]) -> bool:
        """Keep who is in the class; whether that is news."""
        known = {each.id: each for each in self.learners()}
        new = [each for each in learners if known.get(each.id) != each]
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO learners VALUES (?, ?, ?, ?)",
                [(each.id, each.name, each.email, _json(each.ids)) for each in new],
            )
        return bool(new)

    def record(
        self,
        submissions: Sequence[tuple[str, Submission]],
        graded: Sequence[tuple[Graded, Mapping[str, GradedBy]]],
    ) -> None:
        """Keep what counts, by learner's id, and what has been graded, by what for each exercise.
        All of it is on the disk when this returns.
        """
        if not submissions and not graded:
            return
        now = _now()
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?)",
                [(learner, each.digest, _json(each)) for learner, each in submissions],
            )
            for one, by in graded:
                connection.execute(
                    "INSERT OR REPLACE INTO contents VALUES (?, ?)", (one.digest, one.contents)
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO reports VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                    [
                        (
                            one.learner,
                            each.id,
                            one.digest,
                            *structs.astuple(by[each.id]),
                            each.status,
                            each.points,
                            each.max_points,
                            each.report.decode(),
                            each.trace,
                            _json(each.notices),
                            now,
                        )
                        for each in one.exercises
                    ],
                )

    def new_workplace(self) -> Path:
        """A temporary folder for a batch. That of the last one, if it was killed before it could
        take it away, goes.
        """
        folder = new_folder()
        for (last,) in self._rows("SELECT value FROM facts WHERE name = 'workplace'"):
            if is_left_over(Path(last)):
                with suppress(OSError):
                    remove(last)
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO facts VALUES ('workplace', ?)", (str(folder),)
            )
        return folder

    # -- what a person writes --------------------------------------------------------------

    def set_mark(self, learner: str, exercise: str, mark: ManualMark | None) -> None:
        """Keep a person's mark above the kit's own; None takes it away."""
        with self._transaction() as connection:
            connection.execute(
                "DELETE FROM marks WHERE learner = ? AND exercise = ?", (learner, exercise)
            )
            if mark is not None:
                row = (learner, exercise, mark.points, mark.max_points, mark.comment, _now())
                connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)", row)

    # -- what is read ----------------------------------------------------------------------

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of all that anybody has been graded or marked for, in order."""
        rows = self._rows("SELECT exercise FROM reports UNION SELECT exercise FROM marks")
        return tuple(sorted((id_ for (id_,) in rows), key=lambda id_: int(id_[1:])))

    def learners(self) -> tuple[Learner, ...]:
        """The class, by name."""
        rows = self._rows(_BY_NAME)
        return tuple(_learner(row) for row in rows)

    def results(self, *, traces: bool = False) -> Iterator[Result]:
        """The results of the class, by name: one after the other, for there may be many."""
        exercises, copies = self.exercises, self._copies()
        for learner in self.learners():
            yield self._result(learner, exercises, copies, traces=traces)

    def result(self, learner: str) -> Result | None:
        """The results of one learner, with traces."""
        for row in self._rows("SELECT id, name, email, ids FROM learners WHERE id = ?", learner):
            return self._result(_learner(row), self.exercises, self._copies(), traces=True)
        return None

    def files(self, digest: str) -> tuple[HandedInFile, ...]:
        """What was handed in: programs, and notebooks without their outputs."""
        for (files,) in self._rows("SELECT files FROM contents WHERE digest = ?", digest):
            return decoded_contents(files)
        return ()

    def _result(
        self,
        learner: Learner,
        exercises: Sequence[str],
        copies: Mapping[str, Sequence[str]],
        *,
        traces: bool,
    ) -> Result:
        found = self._rows("SELECT record FROM submissions WHERE learner = ?", learner.id)
        submission = next((_decode(record, Submission) for (record,) in found), None)
        notices = [*submission.problems] if submission is not None else []
        same = copies.get(submission.digest, ()) if submission is not None else ()
        if others := [id_ for id_ in same if id_ != learner.id]:
            notices.append(f"the very same files were handed in by {_some(others)}")
        reports: dict[str, ExerciseReport] = {}
        trace = "trace" if traces else "x''"
        for id_, digest, report, packed, noticed in self._rows(
            f"SELECT exercise, digest, report, {trace}, notices FROM reports WHERE learner = ?",  # noqa: S608
            learner.id,
        ):
            if submission is not None and digest == submission.digest:
                told = _decode(report, ExerciseReport)
                reports[id_] = structs.replace(told, trace=decoded_trace(packed))
                notices += _decode(noticed, list[str])
            else:
                notices.append(
                    f"{id_} was graded in an earlier submission, and is to be graded again"
                )
        marks = {
            id_: ManualMark(points=points, max_points=most, comment=comment, at=at)
            for id_, points, most, comment, at in self._rows(
                "SELECT exercise, points, max_points, comment, at FROM marks WHERE learner = ?",
                learner.id,
            )
        }
        return Result(
            learner=learner,
            submission=submission,
            exercises=tuple(
                ExerciseResult(
                    id=id_, title=title_of(id_), report=reports.get(id_), manual=marks.get(id_)
                )
                for id_ in exercises
            ),
            notices=tuple(notices),
        )

    def _copies(self) -> dict[str, list[str]]:
        """Who handed in the same files, by digest, where there is an answer in them."""
        found: dict[str, list[str]] = {}
        for digest, learner in self._rows(_COPIES):
            found.setdefault(digest, []).append(learner)
        return found

    # -- SQLite ----------------------------------------------------------------------------

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with told(self._path):
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with told(self._path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise


_COPIES = """
SELECT digest, learner FROM submissions AS own
WHERE digest IN (SELECT digest FROM submissions GROUP BY digest HAVING count(*) > 1)
AND EXISTS (
    SELECT 1 FROM reports WHERE reports.learner = own.learner
    AND reports.digest = own.digest AND status IN ('passed', 'failed'))
ORDER BY learner
"""

_BY_NAME = """
SELECT id, name, email, ids FROM learners
ORDER BY CASE name WHEN '' THEN id ELSE name END COLLATE NOCASE, id
"""


_MOST_NAMED = 3


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return ", ".join(ids[:_MOST_NAMED]) + more


def _learner(row: tuple[Any, ...]) -> Learner:
    id_, name, email, ids = row
    return Learner(id=id_, name=name, email=email, ids=_decode(ids, dict[str, str]))


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _decode(text: str, kind: type[_Record]) -> _Record:
    return msgspec.json.decode(text, type=kind)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

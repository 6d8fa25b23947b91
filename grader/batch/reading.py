"""Reading a gradebook: the class as it stands."""

import math
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, structs

from grader.batch.database import Database, GradebookError, sound
from grader.batch.work import decoded_contents, decoded_trace, title_of
from grader.handed_in import HandedInFile, Learner, Submission
from grader.mark import ExerciseReport
from grader.phrases import first_of
from grader.results import ExerciseResult, ManualMark, Result

_Record = TypeVar("_Record")


class Reading(Database):
    """What an open gradebook tells."""

    def others(self, learners: Iterable[Learner]) -> tuple[Learner, ...]:
        """Who else is in the class, from earlier batches."""
        named = {each.id for each in learners}
        return tuple(each for each in self.learners() if each.id not in named)

    @property
    def exercises(self) -> tuple[str, ...]:
        """The ids of all that anybody has been graded or marked for, in order."""
        rows = self.rows("SELECT exercise FROM reports UNION SELECT exercise FROM marks")
        with sound(self._path):
            return tuple(sorted((id_ for (id_,) in rows), key=lambda id_: int(id_[1:])))

    def learners(self) -> tuple[Learner, ...]:
        """The class, by name."""
        rows = self.rows(_BY_NAME)
        with sound(self._path):
            return tuple(_learner(row) for row in rows)

    def results(self, *, traces: bool = False) -> Iterator[Result]:
        """The results of the class at one moment, by name: one after the other, for there may
        be many. Nothing can be written meanwhile.
        """
        self.rows("BEGIN")
        try:
            of_class = self._of_class()
            for learner in self.learners():
                yield self._result(learner, of_class, traces=traces)
        finally:
            with suppress(GradebookError):  # it may have been closed in between
                self.rows("ROLLBACK")

    def result(self, learner: str) -> Result | None:
        """The results of one learner, with traces."""
        for row in self.rows("SELECT id, name, email, ids FROM learners WHERE id = ?", learner):
            return self._result(_learner(row), self._of_class(), traces=True)
        return None

    def files(self, digest: str) -> tuple[HandedInFile, ...]:
        """What was handed in: programs, and notebooks without their outputs."""
        for (files,) in self.rows("SELECT files FROM contents WHERE digest = ?", digest):
            with sound(self._path):
                return decoded_contents(files)
        return ()

    def _result(self, learner: Learner, of_class: "_OfClass", *, traces: bool) -> Result:
        with sound(self._path):
            submission = self._submission(learner)
            marks = self._marks(learner)
            notices = [*_about(learner, submission, of_class)]
            reports: dict[str, ExerciseReport] = {}
            trace = "trace" if traces else "x''"
            for id_, digest, report, packed, noticed in self.rows(
                f"SELECT exercise, digest, report, {trace}, notices FROM reports "  # noqa: S608
                "WHERE learner = ?",
                learner.id,
            ):
                if submission is None or digest != submission.digest:
                    why = "was graded in an earlier submission, and is to be graded again"
                    notices.append(f"{id_} {why}")
                    continue
                told = structs.replace(decode(report, ExerciseReport), trace=decoded_trace(packed))
                if told.status == "absent" and not told.max_points:
                    # Words that others have got points for are worth as much to who left them out.
                    told = structs.replace(told, max_points=of_class.words.get(id_, 0))
                reports[id_] = told
                notices += decode(noticed, list[str]) if id_ not in marks else []
            return Result(
                learner=learner,
                submission=submission,
                exercises=tuple(
                    ExerciseResult(
                        id=id_, title=title_of(id_), report=reports.get(id_), manual=marks.get(id_)
                    )
                    for id_ in of_class.exercises
                ),
                notices=tuple(notices),
            )

    def _submission(self, learner: Learner) -> Submission | None:
        rows = self.rows("SELECT record FROM submissions WHERE learner = ?", learner.id)
        return decode(rows[0][0], Submission) if rows else None

    def _marks(self, learner: Learner) -> dict[str, ManualMark]:
        rows = self.rows(
            "SELECT exercise, points, max_points, comment, at FROM marks WHERE learner = ?",
            learner.id,
        )
        if not all(math.isfinite(points + most) for _, points, most, _, _ in rows):
            raise ValueError("points without end")
        return {
            id_: ManualMark(points=points, max_points=most, comment=comment, at=at)
            for id_, points, most, comment, at in rows
        }

    def _of_class(self) -> "_OfClass":
        copies: dict[str, dict[str, str]] = {}
        with sound(self._path):
            for digest, learner, record in self.rows(_COPIES):
                copies.setdefault(digest, {})[learner] = decode(record, Submission).place
            words = {
                id_: int(most)
                for id_, most in self.rows(
                    "SELECT exercise, max(max_points) FROM marks GROUP BY 1"
                )
            }
        return _OfClass(self.exercises, copies, words)


class _OfClass(Struct, frozen=True):
    """What has to be known of all to tell of one: the exercises; who handed in the same files,
    and where they lay, by digest, where there is an answer in them; the most points that were
    given by hand, by exercise.
    """

    exercises: tuple[str, ...]
    copies: dict[str, dict[str, str]]
    words: dict[str, int]


def _about(learner: Learner, submission: Submission | None, of_class: _OfClass) -> Iterator[str]:
    """Why a person should look at what was handed in."""
    if submission is None:
        return
    yield from submission.problems
    same = of_class.copies.get(submission.digest, {})
    # A group's submission is one, and lies in one place.
    others = [id_ for id_, place in same.items() if place != submission.place]
    if learner.id in same and others:
        yield f"the very same files were handed in by {first_of(others, _MOST_NAMED)}"


_MOST_NAMED = 3

_COPIES = """
SELECT digest, learner, record FROM submissions AS own
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


def _learner(row: tuple[Any, ...]) -> Learner:
    id_, name, email, ids = row
    return Learner(id=id_, name=name, email=email, ids=decode(ids, dict[str, str]))


def decode(text: str, kind: type[_Record]) -> _Record:
    """A record as the gradebook keeps it."""
    return msgspec.json.decode(text, type=kind)

"""The gradebook: one SQLite file that holds a class, its submissions, reports and marks.

It is the truth: what it says is graded is graded, whatever happens next. It is written in
SQLite's WAL mode with every commit on the disk before it counts, so that others can read while
a batch writes.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from grader.batch.database import GradebookError, only_one
from grader.batch.reading import Reading, decode
from grader.batch.version import GradedBy
from grader.batch.work import Graded
from grader.handed_in import Learner, Submission
from grader.results import ManualMark
from grader.run.scratch import is_left_over, new_base, remove

__all__ = ["Gradebook", "GradebookError"]


class Gradebook(Reading):
    """An open gradebook. Every method raises GradebookError where it cannot be done."""

    # -- what a batch writes ---------------------------------------------------------------

    def submissions(self) -> dict[str, Submission]:
        """What counts for each learner at present, by learner's id."""
        rows = self.rows("SELECT learner, record FROM submissions")
        return {learner: decode(record, Submission) for learner, record in rows}

    def graded_by(self) -> dict[tuple[str, str], tuple[str, GradedBy]]:
        """Of each report, by learner and exercise: the digest of what was graded, and by what.
        Not of those that the kit failed at, nor of those made before all was to be graded again.
        """
        rows = self.rows(
            "SELECT learner, exercise, digest, kit, checks, settings FROM reports "
            "WHERE status != 'error' AND revision > ?",
            self.fact("regrading", -1),
        )
        return {
            (learner, exercise): (digest, GradedBy(kit, checks, settings))
            for learner, exercise, digest, kit, checks, settings in rows
        }

    def begin_regrading(self) -> None:
        """Let no report count that there is by now, unless that has begun already."""
        if self.fact("regrading", None) is None:
            self.keep_fact("regrading", self.revision)

    def end_regrading(self) -> None:
        """Every report has been made again."""
        with self.transaction(is_news=False) as connection:
            connection.execute("DELETE FROM facts WHERE name = 'regrading'")

    def statuses(self) -> dict[str, dict[str, str]]:
        """The statuses of the reports there are, by learner and exercise."""
        found: dict[str, dict[str, str]] = {}
        for learner, exercise, status in self.rows(
            "SELECT learner, exercise, status FROM reports"
        ):
            found.setdefault(learner, {})[exercise] = status
        return found

    def enrol(self, learners: Sequence[Learner]) -> None:
        """Keep who is in the class, with all that was ever known of them.

        Who was in it only by a roster, and has gone or has another id now, is in it no more.
        """
        known = {each.id: each for each in self.learners()}
        merged = [_merged(known[e.id], e) if e.id in known else e for e in learners]
        new = [each for each in merged if known.get(each.id) != each]
        gone = {id_ for (id_,) in self.rows(_WITHOUT_WORK)} - {each.id for each in merged}
        if not new and not gone:
            return
        by_name = {name: each.id for each in merged for name in _names(each)}
        with self.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO learners VALUES (?, ?, ?, ?)",
                [(each.id, each.name, each.email, _json(each.ids)) for each in new],
            )
            for id_ in gone:
                same = next(
                    (by_name[name] for name in _names(known[id_]) if name in by_name), None
                )
                if same is not None:
                    connection.execute(
                        "UPDATE OR IGNORE marks SET learner = ? WHERE learner = ?", (same, id_)
                    )
                connection.execute(_FORGET, (id_, id_))

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
        with self.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO submissions VALUES (?, ?, ?)",
                [(learner, each.digest, _json(each)) for learner, each in submissions],
            )
            revision = self.revision + 1
            for one, by in graded:
                connection.execute(
                    "INSERT OR REPLACE INTO contents VALUES (?, ?)", (one.digest, one.contents)
                )
                connection.executemany(
                    "INSERT OR REPLACE INTO reports VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
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
                            revision,
                        )
                        for each in one.exercises
                    ],
                )

    def new_workplace(self) -> Path:
        """A temporary folder for a batch. That of the last one goes."""
        self.clear_workplace()
        folder = new_base()
        self.keep_fact("workplace", str(folder))
        return folder

    def clear_workplace(self) -> None:
        """Take away the folder of the last batch, if that was ended before it could do so."""
        last = Path(self.fact("workplace", ""))
        if is_left_over(last):
            # A copy of this gradebook may name one in which another batch is at work.
            with suppress(GradebookError, OSError):
                with only_one(last):
                    pass
                remove(last)

    def forget_what_is_gone(self) -> None:
        """Keep the files of earlier submissions no longer."""
        with self.transaction(is_news=False) as connection:
            connection.execute(
                "DELETE FROM contents WHERE digest NOT IN (SELECT digest FROM submissions)"
            )

    @property
    def revision(self) -> int:
        """A number that grows with every change of what is to be told of the class."""
        number: int = self.fact("revision", 0)
        return number

    @property
    def is_told(self) -> bool:
        """Whether table and pages tell of it as it is."""
        return bool(self.fact("told", -1) == self.revision)

    def keep_told(self, revision: int) -> None:
        """Table and pages tell of this revision."""
        self.keep_fact("told", revision)

    # -- what a person writes --------------------------------------------------------------

    def set_mark(self, learner: str, exercise: str, mark: ManualMark | None) -> None:
        """Keep a person's mark above the kit's own; None takes it away."""
        with self.transaction() as connection:
            connection.execute(
                "DELETE FROM marks WHERE learner = ? AND exercise = ?", (learner, exercise)
            )
            if mark is not None:
                row = (learner, exercise, mark.points, mark.max_points, mark.comment, _now())
                connection.execute("INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?)", row)


_WITHOUT_WORK = """
SELECT id FROM learners
WHERE id NOT IN (SELECT learner FROM submissions) AND id NOT IN (SELECT learner FROM reports)
"""

_FORGET = """
DELETE FROM learners WHERE id = ? AND NOT EXISTS (SELECT 1 FROM marks WHERE learner = ?)
"""


def _names(learner: Learner) -> tuple[str, ...]:
    """What other systems may mean by this learner."""
    return tuple(filter(None, (learner.id, *learner.ids.values(), learner.email)))


def _merged(known: Learner, new: Learner) -> Learner:
    """What the new one says, and else what was known."""
    return Learner(
        id=new.id,
        name=new.name or known.name,
        email=new.email or known.email,
        ids={**known.ids, **new.ids},
    )


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

"""A class at a time: from what was handed in to the gradebook."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from grader.batch.engine import Engine, grade_all
from grader.batch.gradebook import Gradebook
from grader.batch.version import graded_by
from grader.batch.work import Graded, Task
from grader.checks import exercise_ids
from grader.handed_in import HandedInFile, Learner, Submission
from grader.settings import Settings


class HandedIn(Protocol):
    """One learner's submission, which is read only when its turn comes."""

    @property
    def learner(self) -> Learner:
        """Whose it is."""
        ...

    def read(self) -> tuple[Submission, tuple[HandedInFile, ...]]:
        """What it is, and its files."""
        ...


class Asked(Struct, frozen=True, kw_only=True):
    """What a batch is to grade, and how; `again` means also what has been graded before."""

    ids: tuple[str, ...]
    settings: Settings
    again: bool = False


class Progress(Struct, frozen=True, kw_only=True):
    """How far a batch is: of `total` submissions, `before` were graded by an earlier one, and
    `graded` have been by this one. `counts` are their statuses, of both, going by their programs;
    `changed` says whether the gradebook is now another one.
    """

    total: int
    before: int
    graded: int
    counts: Counter[str]
    changed: bool

    @property
    def done(self) -> int:
        """How many have their report."""
        return self.before + self.graded


def grade_class(
    book: Gradebook,
    handed_in: Sequence[HandedIn],
    missing: Sequence[Learner],
    engine: Callable[[Gradebook], Engine],
    asked: Asked,
    tell: Callable[[Progress], None],
) -> Progress:
    """Grade what is missing, changed, or was graded by other checks, and keep each result as
    soon as there is one. Of what is told, all is on the disk. `missing` are those who handed in
    nothing.

    The engine is only made if there is something to do. Raises GradebookError, EngineError.
    """
    is_news = book.enrol([*(each.learner for each in handed_in), *missing])
    work = _Work(book, handed_in, asked, changed=is_news)
    tasks = work.tasks()
    first = next(tasks, None)
    book.record(work.seen(), [])
    tell(work.progress())
    if first is None:
        return work.progress()
    running = engine(book)
    try:
        for graded in grade_all(running, _chained(first, tasks)):
            work.keep(graded)
            tell(work.progress())
    finally:
        running.stop()
    book.record(work.seen(), [])
    return work.progress()


def _chained(first: Task, rest: Iterable[Task]) -> Iterator[Task]:
    yield first
    yield from rest


class _Work:
    """What a batch still has to do, and what it has seen on the way."""

    def __init__(
        self, book: Gradebook, handed_in: Sequence[HandedIn], asked: Asked, *, changed: bool
    ) -> None:
        self._book = book
        self._handed_in = handed_in
        self._asked = asked
        self._by = {id_: graded_by(id_, asked.settings) for id_ in asked.ids}
        self._known = book.submissions()
        self._graded_by = book.graded_by()
        self._statuses = book.statuses()
        self._seen: list[tuple[str, Submission]] = []
        self._before = self._graded = 0
        self._counts: Counter[str] = Counter()
        self._changed = changed

    def tasks(self) -> Iterator[Task]:
        """What is to be graded, read only as it is asked for."""
        for each in self._handed_in:
            submission, files = each.read()
            learner = each.learner.id
            if self._known.get(learner) != submission:
                self._seen.append((learner, submission))
            missing = tuple(
                id_
                for id_ in self._asked.ids
                if self._asked.again
                or self._graded_by.get((learner, id_)) != (submission.digest, self._by[id_])
            )
            if missing:
                yield Task(
                    learner=learner,
                    digest=submission.digest,
                    files=files,
                    problems=submission.problems,
                    ids=missing,
                    settings=self._asked.settings,
                )
            else:
                self._before += 1
                self._count(self._statuses[learner])

    def seen(self) -> list[tuple[str, Submission]]:
        """What has changed of the submissions since this was asked last."""
        seen, self._seen = self._seen, []
        self._changed = self._changed or bool(seen)
        return seen

    def keep(self, graded: Sequence[Graded]) -> None:
        """Keep results."""
        self._book.record(self.seen(), [(each, self._by) for each in graded])
        self._graded += len(graded)
        for each in graded:
            statuses = self._statuses.get(each.learner, {})
            self._count(statuses | {one.id: one.status for one in each.exercises})

    def _count(self, statuses: Mapping[str, str]) -> None:
        programs = [id_ for id_ in self._asked.ids if id_ in exercise_ids()]
        self._counts[overall(statuses[id_] for id_ in programs or self._asked.ids)] += 1

    def progress(self) -> Progress:
        """How far it is."""
        return Progress(
            total=len(self._handed_in),
            before=self._before,
            graded=self._graded,
            counts=self._counts.copy(),
            changed=self._changed or self._graded > 0,
        )


def overall(statuses: Iterable[str]) -> str:
    """One word on a submission: error, absent, passed or failed."""
    found = {*statuses} - {"manual"}
    if "error" in found:
        return "error"
    if found <= {"absent"}:
        return "absent"
    return "passed" if found <= {"passed"} else "failed"

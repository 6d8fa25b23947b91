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
    `graded` have been by this one. `counts` are their statuses, of both, going by their programs.
    """

    total: int
    before: int
    graded: int
    counts: Counter[str]

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
    book.enrol([*(each.learner for each in handed_in), *missing])
    if asked.again:
        book.begin_regrading()
    work = _Work(book, handed_in, asked)
    work.begin()
    tell(work.progress())
    if work.progress().done < len(handed_in):
        running = engine(book)
        try:
            for graded in grade_all(running, work.tasks()):
                work.keep(graded)
                tell(work.progress())
        finally:
            running.stop()
    # Also one that was interrupted, which this has then brought to its end.
    book.end_regrading()
    book.forget_what_is_gone()
    return work.progress()


_AWAITED = Submission(place="", digest="")
"""What is known of a submission that has not been read yet."""


class _Work:
    """What a batch still has to do, and what it has seen on the way."""

    def __init__(self, book: Gradebook, handed_in: Sequence[HandedIn], asked: Asked) -> None:
        self._book = book
        self._handed_in = handed_in
        self._asked = asked
        self._by = {id_: graded_by(id_, asked.settings) for id_ in asked.ids}
        self._known = book.submissions()
        self._graded_by = book.graded_by()
        self._statuses = book.statuses()
        self._seen: list[tuple[str, Submission]] = []
        self._to_do: Sequence[HandedIn] = ()
        self._before = self._graded = 0
        self._counts: Counter[str] = Counter()

    def begin(self) -> None:
        """Find out what is to be done, and keep whose submission is still to be read."""
        new: list[tuple[str, Submission]] = []
        to_do = []
        for each in self._handed_in:
            learner = each.learner.id
            known = self._known.get(learner)
            submission = _read(each)[0] if self._has_reports(learner) else _AWAITED
            if self._missing(learner, submission):
                to_do.append(each)
                new += [] if known else [(learner, _AWAITED)]
            else:
                self._before += 1
                self._count(self._statuses[learner])
                new += [] if known == submission else [(learner, submission)]
        self._to_do = to_do
        self._book.record(new, [])

    def tasks(self) -> Iterator[Task]:
        """What is to be graded, read only as it is asked for."""
        for each in self._to_do:
            submission, files = _read(each)
            learner = each.learner.id
            self._seen.append((learner, submission))
            yield Task(
                learner=learner,
                digest=submission.digest,
                files=files,
                problems=submission.problems,
                ids=self._missing(learner, submission),
                settings=self._asked.settings,
            )

    def _has_reports(self, learner: str) -> bool:
        return all((learner, id_) in self._graded_by for id_ in self._asked.ids)

    def _missing(self, learner: str, submission: Submission) -> tuple[str, ...]:
        """The exercises of which there is no report by what is asked for now."""
        wanted = {id_: (submission.digest, self._by[id_]) for id_ in self._asked.ids}
        found = self._graded_by
        return tuple(id_ for id_ in wanted if found.get((learner, id_)) != wanted[id_])

    def keep(self, graded: Sequence[Graded]) -> None:
        """Keep results."""
        seen, self._seen = self._seen, []
        self._book.record(seen, [(each, self._by) for each in graded])
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
        )


def _read(handed_in: HandedIn) -> tuple[Submission, tuple[HandedInFile, ...]]:
    """What was handed in. An error of ours is a problem of that submission, and of no other."""
    try:
        return handed_in.read()
    except Exception as error:
        why = f"it could not be read, which is the kit's fault: {type(error).__name__}: {error}"
        return Submission(place="", digest=f"unread: {error}", problems=(why,)), ()


def overall(statuses: Iterable[str]) -> str:
    """One word on a submission: error, absent, manual, passed or failed."""
    found = {*statuses}
    if "error" in found:
        return "error"
    for word in ("absent", "manual"):
        if found == {word}:
            return word
    return "passed" if found <= {"passed", "manual"} else "failed"

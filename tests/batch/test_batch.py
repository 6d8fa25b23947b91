"""A class from what was handed in to the gradebook, with an engine that says what it is told."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Never

import msgspec
import pytest

from grader.batch.batch import Asked, Progress, grade_class, overall
from grader.batch.gradebook import Gradebook
from grader.batch.work import Task, ungraded
from grader.handed_in import Learner
from tests.batch.classes import SETTINGS, Given, given


class Recording:
    """An engine that grades nothing, and remembers what it was given."""

    deaths: tuple[type[BaseException], ...] = ()

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.stopped = 0

    def has_room(self, running: int) -> bool:
        return running < 3

    def submit(self, task: bytes) -> Future[bytes]:
        self.tasks.append(msgspec.json.decode(task, type=Task))
        graded = msgspec.json.encode(ungraded(self.tasks[-1], "for a test"))
        future: Future[bytes] = Future()
        # As if it had passed: what the kit failed at would be tried again.
        future.set_result(graded.replace(b'"status":"error"', b'"status":"passed"', 1))
        return future

    def renew(self, *, alone: bool) -> None:
        pass

    def check(self) -> None:
        pass

    def stop(self) -> None:
        self.stopped += 1


Run = Callable[..., Progress]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with Gradebook.create(tmp_path) as book:
        yield book


@pytest.fixture
def engine() -> Recording:
    return Recording()


@pytest.fixture
def run(book: Gradebook, engine: Recording) -> Run:
    """Grades a class, q6 of it unless said otherwise."""

    def run(
        *class_: Given,
        ids: tuple[str, ...] = ("q6",),
        missing: Sequence[Learner] = (),
        tell: Callable[[Progress], None] = lambda _: None,
        again: bool = False,
    ) -> Progress:
        asked = Asked(ids=ids, settings=SETTINGS, again=again)
        return grade_class(book, class_, missing, lambda _: engine, asked, tell)

    return run


ADA, BOB = given("ada", {"q6.py": b"1"}), given("bob", {"q6.py": b"2"})


def test_all_are_graded_and_then_none(run: Run, engine: Recording) -> None:
    first = run(ADA, BOB)
    assert (first.total, first.before, first.graded, first.done) == (2, 0, 2, 2)
    second = run(ADA, BOB)
    assert (second.before, second.graded, second.done) == (2, 0, 2)
    assert first.counts == second.counts
    assert [task.learner for task in engine.tasks] == ["ada", "bob"]
    assert engine.stopped == 1, "no engine is made where there is nothing to do"


def test_only_the_exercises_that_are_missing_are_graded(run: Run, engine: Recording) -> None:
    run(ADA)
    run(ADA, ids=("q3", "q6"))
    assert [task.ids for task in engine.tasks] == [("q6",), ("q3",)]


def test_what_has_changed_is_graded_again_and_else_nothing(run: Run, engine: Recording) -> None:
    run(ADA, BOB)
    run(given("ada", {"q6.py": b"new"}), BOB)
    assert [task.learner for task in engine.tasks] == ["ada", "bob", "ada"]
    run(ADA, BOB, again=True)
    assert len(engine.tasks) == 5
    run(ADA, BOB)
    assert len(engine.tasks) == 5


def test_to_grade_all_again_means_all_also_after_it_was_interrupted_and_brought_to_its_end(
    run: Run, engine: Recording
) -> None:
    def stop(progress: Progress) -> None:
        raise KeyboardInterrupt

    run(ADA, BOB)
    with pytest.raises(KeyboardInterrupt):
        run(ADA, BOB, again=True, tell=stop)
    run(ADA, BOB)
    assert len(engine.tasks) == 4
    run(ADA, BOB, again=True)
    assert len(engine.tasks) == 6


def test_who_handed_in_is_known_before_it_is_read(run: Run, book: Gradebook) -> None:
    def tell(progress: Progress) -> None:
        if not progress.done:
            assert [*book.submissions()] == ["ada", "bob"]

    run(ADA, BOB, tell=tell)


def test_news_about_a_submission_that_is_the_same_is_kept_without_grading_it_again(
    run: Run, book: Gradebook, engine: Recording
) -> None:
    run(ADA)
    told = given("ada", {"q6.py": b"1"}, problems=("too late",))
    run(told)
    assert book.submissions()["ada"].problems == ("too late",)
    assert len(engine.tasks) == 1


def test_an_error_of_ours_while_one_is_read_is_the_problem_of_that_one(
    run: Run, book: Gradebook
) -> None:
    class Unreadable(Given, frozen=True):
        def read(self) -> Never:
            raise OverflowError("for a test")

    assert run(Unreadable(learner=Learner(id="eve"), files=()), ADA).graded == 2
    assert "it could not be read, which is the kit's fault: OverflowError: for a test" in (
        book.submissions()["eve"].problems
    )


def test_what_is_told_is_in_the_gradebook_already(run: Run, book: Gradebook) -> None:
    def tell(progress: Progress) -> None:
        assert len(book.graded_by()) == progress.done

    run(ADA, BOB, *(given(f"l{n}", {"q6.py": b"%d" % n}) for n in range(7)), tell=tell)


def test_the_engine_is_stopped_whatever_happens(run: Run, engine: Recording) -> None:
    def tell(progress: Progress) -> None:
        if progress.graded:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(ADA, BOB, tell=tell)
    assert engine.stopped == 1


def test_who_handed_in_nothing_is_in_the_class(run: Run, book: Gradebook) -> None:
    run(ADA, missing=[Learner(id="carol")])
    assert [each.id for each in book.learners()] == ["ada", "carol"]


@pytest.mark.parametrize(
    ("statuses", "word"),
    [
        (["passed", "passed"], "passed"),
        (["passed", "absent"], "failed"),
        (["absent", "absent"], "absent"),
        (["passed", "error", "failed"], "error"),
        (["manual", "passed"], "passed"),
        (["manual", "manual"], "manual"),
    ],
)
def test_one_word_tells_of_a_submission(statuses: list[str], word: str) -> None:
    assert overall(statuses) == word

"""Classes of learners to make pages of, built from no more than a test is about."""

import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from msgspec import structs

from grader.handed_in import HandedInFile, Learner, Submission
from grader.mark import Answer
from grader.results import ExerciseResult, ManualMark, Result
from grader.trace import Error, Trace, Worker
from tests.report.traces import (
    MAIN,
    a_check,
    a_child,
    a_join,
    a_pool,
    a_trace,
    a_write,
    an_exercise,
    hanging,
    q6_right,
)

SCRIPT = """\
import multiprocessing


def show(number):
    print("My number is", number)


if __name__ == "__main__":
    for number in range(1, 5):
        multiprocessing.Process(target=show, args=(number,)).start()
"""

NOTEBOOK = json.dumps(
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {},
        "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Q6\n", "<b>bold</b>"]},
            {"cell_type": "code", "metadata": {}, "source": SCRIPT, "outputs": []},
            {"cell_type": "raw", "metadata": {}, "source": "raw words"},
        ],
    }
).encode()


def a_learner(number: int = 1, **more: Any) -> Learner:
    """A learner; the first is Ada, who has the id s0001."""
    names = ("Ada Lovelace", "Grace Hopper", "Alan Turing", "Barbara Liskov", "Edsger Dijkstra")
    name = names[number - 1] if number <= len(names) else f"Learner {number}"
    facts: dict[str, Any] = {"id": f"s{number:04}", "name": name, "email": f"s{number}@uni.org"}
    return Learner(**facts | more)


def a_submission(*files: HandedInFile, **more: Any) -> Submission:
    """What was handed in once, in time."""
    digest = sha256(repr(files).encode()).hexdigest()
    paths = tuple(file.path for file in files)
    return Submission(**{"place": "class/s0001", "digest": digest, "files": paths} | more)


def a_result(learner: Learner | None = None, **more: Any) -> Result:
    """A learner whose q6 passed."""
    facts: dict[str, Any] = {
        "learner": learner or a_learner(),
        "submission": a_submission(),
        "exercises": (as_result(an_exercise(a_check("ran_clean"), a_check("joined"))),),
    }
    return Result(**facts | more)


def as_result(report: Any, manual: ManualMark | None = None) -> ExerciseResult:
    """An exercise of a learner, with what the kit says of it."""
    return ExerciseResult(id=report.id, title=report.title, report=report, manual=manual)


def nothing(_digest: str) -> tuple[HandedInFile, ...]:
    """No files of any submission."""
    return ()


def always(*files: HandedInFile) -> Callable[[str], tuple[HandedInFile, ...]]:
    """These files of every submission."""
    return lambda _digest: files


def q5_pool() -> Trace:
    """A pool of 4 that ran 10 tasks."""
    workers = [
        a_child(MAIN + n, 0.02 + n / 500, 0.27 + n / 300, kind="worker", name=f"PoolWorker-{n}")
        for n in range(1, 5)
    ]
    writes = [
        a_write(MAIN + 1 + n % 4, f"{n} squared is {n * n}\n", 0.05 + n / 50) for n in range(10)
    ]
    return a_trace(*workers, duration=0.3, pools=(a_pool(),), writes=tuple(writes))


def q3_error() -> Trace:
    """A process that was never joined, and one that ended with an error."""
    error = Error(0.04, "NameError: name 'prnt' is not defined", "q3.py", 5)
    broken = a_child(MAIN + 1, 0.02, 0.05, exit_code=1, error=error, waited="at exit")
    said = a_write(MAIN + 1, "Traceback (most recent call last):\n  ...\n", 0.04, stream="stderr")
    wait = a_join(MAIN + 1, 0.05, 0.06, at_exit=True)
    return a_trace(broken, writes=(said,), waits=(wait,), duration=0.08)


def ordinary(count: int, *, traces: bool = True) -> Iterator[Result]:
    """A class as there are many: most of it right, some late, some wrong, some absent."""
    for number in range(1, count + 1):
        result = _ordinary(number)
        yield result if traces else _without_traces(result)


def _without_traces(result: Result) -> Result:
    bare = tuple(
        structs.replace(e, report=structs.replace(e.report, trace=None) if e.report else None)
        for e in result.exercises
    )
    return structs.replace(result, exercises=bare)


def _ordinary(number: int) -> Result:
    learner = a_learner(number)
    ids = ("q1", "q3", "q5", "q6")
    titles = (
        "What is multiprocessing?",
        "Create a process",
        "Create a pool",
        "Create 4 processes",
    )
    if number % 11 == 0:
        empty = [
            ExerciseResult(id=i, title=t, report=None) for i, t in zip(ids, titles, strict=True)
        ]
        return Result(learner=learner, submission=None, exercises=tuple(empty))
    wrong = number % 3 == 0
    prose = an_exercise(
        id="q1",
        title=titles[0],
        status="manual",
        trace=None,
        note='Answered in 120 words: "Multiprocessing is running several processes ..."',
        answer=Answer(cells=(0,), belief="number", why='it stands under "Q1"'),
    )
    q3 = an_exercise(
        a_check(
            "ran_clean", "failed" if wrong else "passed", title="The program ends without an error"
        ),
        a_check("process_started", title="A process is started"),
        a_check(
            "work_in_child", "skipped" if wrong else "passed", title="Work is done in the child"
        ),
        a_check("joined", "failed" if wrong else "passed", title="It is waited for"),
        id="q3",
        title=titles[1],
        trace=q3_error() if wrong else q6_right(),
    )
    q5 = an_exercise(
        *(
            a_check(name, title=name.replace("_", " ").capitalize())
            for name in ("ran_clean", "pool_created")
        ),
        id="q5",
        title=titles[2],
        trace=q5_pool(),
    )
    q6 = an_exercise(
        a_check("ran_clean", "failed" if number % 7 == 0 else "passed"),
        a_check("distinct_numbers"),
        trace=hanging() if number % 7 == 0 else q6_right(),
        answer=Answer(lines=(4, 10), belief="what the code did", why="it does what q6 asks for"),
    )
    mark = ManualMark(
        points=2.5, max_points=10, comment="Nearly.\nSee line 4.", at="2026-05-01T10:00:00"
    )
    exercises = (
        as_result(prose, structs.replace(mark, max_points=3) if number % 2 else None),
        as_result(q3, mark if number % 9 == 0 else None),
        as_result(q5),
        as_result(q6),
    )
    submission = a_submission(
        place=f"submissions/{learner.id}/assignment.py",
        attempt=1 + number % 2,
        attempts=1 + number % 2,
        late=number % 5 == 0,
        handed_in="2026-04-30 23:58",
        digest=f"{number:064}",
        files=("assignment.py",),
    )
    notices: tuple[str, ...] = (
        ("q1 is an answer in words: read it and mark it",) if number % 2 == 0 else ()
    )
    if number % 7 == 0:
        notices += ("q6 was stopped at its time limit of 20 s",)
    return Result(learner=learner, submission=submission, exercises=exercises, notices=notices)


EVIL = (
    "<script>window.hacked=1</script>\"'><img src=x onerror=window.hacked=1>"
    "</title></style></textarea>--><svg/onload=window.hacked=1> {{7*7}} "
    "javascript:window.hacked=1 \u202eRTL\u2066 \x00\x1b[31m \ud800 &lt;b&gt;"
)
"""What has taken over pages."""

LONG = EVIL + "W" * 10_000


def hostile(count: int = 3) -> Iterator[Result]:
    """A class in which everything that a learner can choose is EVIL, and long."""
    for number in range(count):
        yield _hostile(f"{LONG}{number}")


def _hostile(text: str) -> Result:
    child = a_child(
        MAIN + 1, name=text, target=text, error=Error(0.04, text, text, 3), exit_code=1
    )
    main = structs.replace(a_trace().main, name=text)
    trace = structs.replace(
        a_trace(
            child,
            writes=(a_write(MAIN + 1, text), a_write(MAIN, text + "\n" + text, stream="stderr")),
            waits=(structs.replace(a_join(MAIN + 1, 0.03, 0.05), how=text),),
            pools=(a_pool(errors_swallowed=(text,), workers=(Worker(MAIN + 1, 3),)),),
            program=text,
            python=text,
        ),
        processes=(main, child),
    )
    report = an_exercise(
        a_check("ran_clean", "failed", title=text, message=text, hint=text),
        id="q6",
        title=text,
        note=text,
        trace=trace,
        answer=Answer(cells=(0,), belief="number", why=text),
    )
    return Result(
        learner=Learner(id=text, name=text, email=text, ids={"canvas": text}),
        submission=a_submission(place=text, handed_in=text, problems=(text,)),
        exercises=(
            as_result(report, ManualMark(points=1, max_points=10, comment=text, at=text)),
            as_result(report),
        ),
        notices=(text,),
    )


def hostile_files(_digest: str) -> tuple[HandedInFile, ...]:
    """A script and a notebook of the same kind."""
    cells: list[dict[str, Any]] = [
        {"cell_type": kind, "metadata": {}, "source": LONG} for kind in ("markdown", "code", "raw")
    ]
    return (
        HandedInFile(LONG + ".py", LONG.encode(errors="replace")),
        HandedInFile(LONG + ".ipynb", json.dumps({"nbformat": 4, "cells": cells}).encode()),
    )

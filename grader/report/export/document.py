"""A class as one JSON document, and the JSON Schema that it keeps to (class.schema.json)."""

import json
from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import Any

from msgspec import Struct

from grader.handed_in import Submission
from grader.mark import SCHEMA_VERSION, Answer, CheckResult, ExerciseReport, Status
from grader.report.as_json import record_json, schema_of
from grader.report.export.standing import total
from grader.results import ExerciseResult, ExerciseStatus, ManualMark, Result


class KitsMark(Struct, frozen=True, kw_only=True):
    """What the kit made of an exercise, as in a report; its trace is left out."""

    status: Status
    points: int
    max_points: int
    checks: tuple[CheckResult, ...]
    note: str
    answer: Answer | None


class ClassExercise(Struct, frozen=True, kw_only=True):
    """One exercise of one learner.

    `points` are those that count: a person's, in `manual`, where there are any, otherwise the
    kit's; null where there are none yet. `kit` is null where the kit has not graded it.
    """

    id: str
    title: str
    status: ExerciseStatus
    points: float | None
    max_points: float
    kit: KitsMark | None
    manual: ManualMark | None


class ClassLearner(Struct, frozen=True, kw_only=True):
    """One learner. `points` is null while points of any exercise are still to come;
    `submission` where nothing was handed in.
    """

    id: str
    name: str
    email: str
    ids: dict[str, str]
    submission: Submission | None
    points: float | None
    max_points: float
    exercises: tuple[ClassExercise, ...]
    notices: tuple[str, ...]


class ClassDocument(Struct, frozen=True, kw_only=True):
    """The results of a class."""

    schema: int = SCHEMA_VERSION
    learners: tuple[ClassLearner, ...]


def write_json(results: Iterable[Result], exercises: tuple[str, ...]) -> Iterator[str]:  # noqa: ARG001 -- as all formats are written
    """The document, a learner a line."""
    yield f'{{"schema": {SCHEMA_VERSION}, "learners": ['
    comma = ""
    for result in results:
        yield f"{comma}\n{record_json(_learner(result), indent=None)}"
        comma = ","
    yield "\n]}\n"


def class_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `write_json` writes, from class.schema.json."""
    text = files("grader.report.export").joinpath("class.schema.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def derived_class_schema() -> dict[str, Any]:
    """The schema as it follows from the records; class.schema.json has to be equal to it."""
    return schema_of(ClassDocument, "Results of a class in the multiprocessing exercise kit")


def _learner(result: Result) -> ClassLearner:
    learner = result.learner
    return ClassLearner(
        id=learner.id,
        name=learner.name,
        email=learner.email,
        ids=learner.ids,
        submission=result.submission,
        points=total(result),
        max_points=result.max_points,
        exercises=tuple(map(_exercise, result.exercises)),
        notices=result.notices,
    )


def _exercise(exercise: ExerciseResult) -> ClassExercise:
    return ClassExercise(
        id=exercise.id,
        title=exercise.title,
        status=exercise.status,
        points=exercise.points,
        max_points=exercise.max_points,
        kit=_kits_mark(exercise.report),
        manual=exercise.manual,
    )


def _kits_mark(report: ExerciseReport | None) -> KitsMark | None:
    if report is None:
        return None
    return KitsMark(
        status=report.status,
        points=report.points,
        max_points=report.max_points,
        checks=report.checks,
        note=report.note,
        answer=report.answer,
    )

"""Proof that the kit's own content holds: what authors and CI run before learners do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from grader.batch.spare import number_of_cores
from grader.checks import exercise, exercise_ids
from grader.checks.base import Exercise
from grader.grading import grade_exercise
from grader.settings import Settings
from grader.skeleton import ASSIGNMENT, MarkerError, skeletons, solved
from grader.zoo import FOLDER, Specimen, misjudged, specimens

FULL_POINTS = 10

Progress = Callable[[str], None]


class Violation(Struct, frozen=True):
    """What does not hold: where, which rule, and how to mend it."""

    file: str
    rule: str
    remedy: str


class Verification(Struct, frozen=True):
    """The result: what does not hold, and in a line what was looked at."""

    violations: tuple[Violation, ...]
    summary: str


class _Task(Struct, frozen=True):
    """One program to grade and the answer that is expected of it."""

    file: Path
    exercise: str
    settings: Settings
    specimen: Specimen | None = None
    source: Path | None = None
    """What the file was made from."""


def verify(root: Path, progress: Progress = lambda _text: None) -> Verification:
    """Check all rules on the checkout at `root`."""
    with TemporaryDirectory() as folder:
        return _verify(root, Path(folder), progress)


def _verify(root: Path, folder: Path, progress: Progress) -> Verification:
    violations = [*_definitions(), *_sources(root)]
    tasks = [*_solutions(root), *_solved_notebooks(root, folder), *_zoo(root)]
    violations += _uncovered(tasks)
    # Each worker runs one program at a time, as an observer must; a fresh interpreter each,
    # since a forked one would inherit whatever the caller is made of.
    workers = number_of_cores()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
        for number, found in enumerate(executor.map(_judge, tasks), start=1):
            progress(f"{number} of {len(tasks)} programs graded")
            violations += found
    progress("")
    held = "All rules hold" if not violations else f"{len(violations)} violations"
    return Verification(
        tuple(violations),
        f"{held}: {len(exercise_ids())} exercises, {len(tasks)} programs graded.",
    )


def _definitions() -> Iterator[Violation]:
    for asked in map(exercise, exercise_ids()):
        file = f"grader/checks/{asked.id}.py"
        if asked.max_points != FULL_POINTS:
            yield Violation(
                file,
                f"an exercise has {FULL_POINTS} points, this one {asked.max_points}",
                "change the points of its checks",
            )
        yield from _checks_of(asked, file)


def _checks_of(asked: Exercise, file: str) -> Iterator[Violation]:
    earlier: set[str] = set()
    for check in asked.checks:
        if not check.hints or not all(hint.strip() for hint in check.hints):
            yield Violation(file, f"{check.id} has no hint", "give it hints, a nudge first")
        for need in set(check.needs) - earlier:
            yield Violation(
                file,
                f"{check.id} needs {need}, which does not come before it",
                "reorder them",
            )
        earlier.add(check.id)


def _sources(root: Path) -> Iterator[Violation]:
    """Solutions, exercises and checks belong together, one of each."""
    solutions, exercises = root / "solutions", root / "exercises"
    expected = {f"{id_}.py" for id_ in exercise_ids()}
    for name in sorted(expected - {path.name for path in solutions.glob("*.py")}):
        yield Violation(
            str(solutions / name), "every exercise has a solution", "write the solution"
        )
    for name in sorted({path.name for path in solutions.glob("*")} - expected - _IGNORED):
        yield Violation(
            str(solutions / name),
            "nothing stray lies among the solutions",
            f"remove it, or add grader/checks/{name}",
        )
    try:
        current = dict(skeletons(solutions))
    except MarkerError as error:
        yield Violation(str(solutions), str(error), "pair the solution markers")
        return
    yield from _exercises(exercises, current)


_IGNORED = {"__pycache__", ".ipynb_checkpoints"}


def _exercises(folder: Path, current: dict[str, str]) -> Iterator[Violation]:
    present = {path.name for path in folder.glob("*")} - _IGNORED
    for name in sorted(present - current.keys()):
        yield Violation(str(folder / name), "nothing stray lies among the exercises", "remove it")
    for name, source in sorted(current.items()):
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != source:
            yield Violation(
                str(path),
                "an exercise is what is made from its solution",
                "run: grade handout",
            )


def _solutions(root: Path) -> Iterator[_Task]:
    for id_ in exercise_ids():
        solution = root / "solutions" / f"{id_}.py"
        for name in (f"{id_}.py", f"{id_}.ipynb", ASSIGNMENT):
            if (root / "exercises" / name).exists():
                yield _Task(root / "exercises" / name, id_, Settings(portable=False))
        if solution.exists():
            for method in get_all_start_methods():
                yield _Task(solution, id_, Settings(portable=False, start_method=method))


def _solved_notebooks(root: Path, folder: Path) -> Iterator[_Task]:
    """The notebooks that the solutions make, where children can find a notebook's functions."""
    if "fork" not in get_all_start_methods():
        return
    with suppress(MarkerError):  # which is a violation already
        for name, text in skeletons(root / "solutions", solved):
            if not name.endswith(".ipynb"):
                continue
            (folder / name).write_text(text, encoding="utf-8")
            for id_ in exercise_ids():
                source = root / "solutions" / f"{id_}.py"
                if source.exists() and name in (ASSIGNMENT, f"{id_}.ipynb"):
                    settings = Settings(portable=False, start_method="fork")
                    yield _Task(folder / name, id_, settings, source=source)


def _zoo(root: Path) -> Iterator[_Task]:
    for each in specimens(root):
        if each.start_method not in (None, *get_all_start_methods()):
            continue  # this system cannot run it
        settings = Settings(portable=False, limits=each.limits, start_method=each.start_method)
        yield _Task(each.path, each.exercise, settings, each)


def _uncovered(tasks: list[_Task]) -> Iterator[Violation]:
    """Every check must be shown to fail: one that cannot is none."""
    shown = {(t.exercise, t.specimen.fails) for t in tasks if t.specimen is not None}
    for asked in map(exercise, exercise_ids()):
        for check in asked.checks:
            if (asked.id, check.id) not in shown:
                yield Violation(
                    str(FOLDER / asked.id / "wrong"),
                    f"no wrong program shows that {check.id} can fail",
                    f"add one that begins with `# fails: {check.id}`",
                )


def _judge(task: _Task) -> list[Violation]:
    """Grade one program, in a worker process, and compare."""
    report = grade_exercise(task.file, exercise(task.exercise), task.settings)
    if task.specimen is not None:
        wrong = misjudged(task.specimen, report)
        remedy = "mend the check, or the program's header"
        return [Violation(str(task.file), wrong, remedy)] if wrong else []
    if task.settings.start_method is None:
        if report.status == "absent":
            return []
        rule = f"an untouched skeleton is absent, this one {report.status}"
        return [Violation(str(task.file), rule, "leave nothing in it that does something")]
    if report.status == "passed":
        return []
    failed = [f"{c.id}: {c.message}" for c in report.checks if c.status == "failed"]
    where = f"in {task.file.name}" if task.source else f"under {task.settings.start_method}"
    rule = f"a solution gets full marks {where}: {'; '.join(failed) or report.note}"
    return [Violation(str(task.source or task.file), rule, "mend the solution")]

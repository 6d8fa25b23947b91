"""The checks as pytest items: `pytest --submissions=FOLDER`.

Each check of each answer in the folder is an item named `FOLDER/q6.py::q6::distinct_pids`.
The program is run once for all its checks, in processes of the runner's: pytest imports no
answer, and no conftest.py that lies beside one. Without the option this plugin does nothing.

The `=` matters. With a blank instead, or from within the folder, pytest reads a pytest.ini
that lies there. That is refused here, but pytest has by then imported what such a file names
with `-p`, or left this plugin out if the file says so.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from grader.mark import CheckResult, ExerciseReport

_OPTION = "--submissions"
_BELT = 60.0
"""Seconds that pytest-timeout grants beyond the runner's own limit, which comes first."""

_DEEPEST = 50
"""Folders within one another that are looked into; pytest itself fails at some hundreds."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one option."""
    parser.getgroup("grader").addoption(
        _OPTION,
        metavar="FOLDER",
        help="collect the checks of the answers (q3.py, q5.py, ...) in this folder",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Refuse what would have pytest obey a file in the folder, or import a conftest.py there."""
    options = early_config.known_args_namespace
    if not getattr(options, "submissions", None):
        return
    here = early_config.invocation_params.dir
    folder = (here / options.submissions).resolve()
    ini = early_config.inipath
    if ini is not None and folder in ini.parents:
        # pytest reads its arguments before it knows the option, and takes the folder for one.
        raise _refusal(
            f"{options.submissions}/{ini.name} would configure pytest, and is not to be obeyed: "
            f"write {_OPTION}={options.submissions}, from a folder above it"
        )
    for argument in options.file_or_dir:
        path = (here / argument.partition("::")[0]).resolve()
        if path == folder or folder in path.parents:
            raise _refusal(
                f"{argument} is among the submissions already: choose checks with -k, as in "
                f"{_OPTION}={options.submissions} -k 'q6 and joined'"
            )
    if not options.noconftest:
        arguments = options.file_or_dir or [".", *early_config.getini("testpaths")]
        for conftest in _initial_conftests(here, arguments):
            if folder in conftest.parents:
                raise _refusal(
                    f"pytest would import {conftest}, which is among the submissions: "
                    "add --noconftest"
                )


def _initial_conftests(here: Path, arguments: Sequence[str]) -> Iterator[Path]:
    """Each conftest.py that pytest imports before it collects anything.

    It looks into the paths named, their folders test*, and all folders above those.
    """
    for argument in arguments:
        place = here / argument.partition("::")[0]
        for looked_into in (place, *place.glob("test*")):
            resolved = looked_into.resolve()
            for folder in (resolved, *resolved.parents):
                if (folder / "conftest.py").exists():
                    yield folder / "conftest.py"


def pytest_configure(config: pytest.Config) -> None:
    """Collect that folder, and nothing else unless it was named too."""
    folder = _folder(config)
    if folder is None:
        return
    if not folder.is_dir():
        raise _refusal(f"{_OPTION} {folder}: there is no such folder")
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        config.args.clear()
    config.args.append(str(folder))


def pytest_collect_directory(path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take over the folder: pytest's own collector would import a conftest.py in it."""
    folder = _folder(parent.config)
    if folder is None or (path != folder and folder not in path.parents):
        return None
    return _collector(_Folder, parent, path)


def _folder(config: pytest.Config) -> Path | None:
    said = config.getoption(_OPTION)
    return None if said is None else (config.invocation_params.dir / said).resolve()


def _shown(text: str) -> str:
    """Text of others as it may stand in what pytest prints and writes."""
    from grader.report.neutral import neutral

    return neutral(text)


def _refusal(why: str) -> pytest.UsageError:
    return pytest.UsageError(_shown(why))


def _collector(
    kind: "type[_Folder | _Answer]", parent: pytest.Collector, path: Path
) -> "_Folder | _Answer":
    """A collector whose name and id are made of the names of files, as these may be shown."""
    try:
        place = path.relative_to(parent.config.rootpath)
    except ValueError:
        place = path
    # In an id "::" stands between the names of what is within one another.
    id_ = _shown(place.as_posix()).replace("::", r"\x3a:")
    return kind.from_parent(parent, path=path, name=_shown(path.name), nodeid=id_)


class _Folder(pytest.File):
    """Answers in a folder, and folders below it. Links to folders are not followed, which might
    lead in circles.
    """

    def collect(self) -> Iterator[pytest.Collector]:
        from grader.checks import exercise_ids

        ids = exercise_ids()
        if str(self.nodeid).count("/") > _DEEPEST:
            raise self.CollectError(f"{self.nodeid} is nested too deeply to be looked into")
        try:
            paths = sorted(self.path.iterdir())
        except OSError as error:
            raise self.CollectError(f"{self.nodeid} cannot be read: {error.strerror}") from error
        for path in paths:
            if path.is_dir():
                if not path.name.startswith((".", "__")) and not path.is_symlink():
                    yield _collector(_Folder, self, path)
            elif path.suffix == ".py" and path.stem in ids:
                yield _collector(_Answer, self, path)


class _Answer(pytest.File):
    """The file with the answer to one exercise."""

    def collect(self) -> Iterator[pytest.Collector]:
        yield _Exercise.from_parent(self, name=self.path.stem)


class _Exercise(pytest.Collector):
    """An exercise, graded when the first of its checks is asked for."""

    _report: "ExerciseReport | None" = None

    def collect(self) -> Iterator[pytest.Item]:
        from grader.checks import exercise

        for check in exercise(self.name).checks:
            yield _Check.from_parent(self, name=check.id)

    def report(self) -> "ExerciseReport":
        from grader.checks import exercise
        from grader.grading import grade_exercise
        from grader.settings import Settings

        if self._report is None:
            settings = Settings(portable=False)
            self._report = grade_exercise(self.path, exercise(self.name), settings)
        return self._report


class _Check(pytest.Item):
    """One check of one answer."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        from grader.trace import Limits

        self.add_marker(pytest.mark.timeout(Limits().wall_time + _BELT))

    def runtest(self) -> None:
        assert isinstance(self.parent, _Exercise)
        from grader.load import NotAProgramError

        try:
            report = self.parent.report()
        except NotAProgramError as error:
            raise _NotPassedError(f"error: {_shown(str(error))}") from error
        if report.status in ("absent", "error"):
            raise _NotPassedError(f"{report.status}: {_shown(report.note)}")
        result = next(check for check in report.checks if check.id == self.name)
        if result.status == "skipped":
            pytest.skip(_shown(result.message))
        if result.status == "failed":
            raise _NotPassedError(_described(result))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """A check's message, not the place in this plugin that it was raised at."""
        if isinstance(excinfo.value, _NotPassedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Where the answer is, and the check's name, for the headings of pytest."""
        return (
            Path(_shown(str(self.path))),
            None,
            f"{self.parent.name if self.parent else ''}: {self.name}",
        )


class _NotPassedError(Exception):
    """A check that does not hold."""


def _described(result: "CheckResult") -> str:
    return f"{_shown(f'{result.title}: {result.message}')}\nHint: {_shown(result.hint)}"

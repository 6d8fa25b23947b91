"""The limits that whoever grades may set: on the command line, or in `[tool.grader]` of a
pyproject.toml.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from grader.trace import Limits


class Bound(Struct, frozen=True):
    """A limit: the field of Limits that it sets, its name on the command line and in the
    configuration, what it counts in, and the least and the most that can be asked for.
    """

    field: str
    name: str
    unit: str
    least: float
    most: float
    help: str

    @property
    def factor(self) -> int:
        """How many of what Limits counts are one of its unit."""
        return 1 << 20 if self.unit == "MiB" else 1

    @property
    def is_whole(self) -> bool:
        """Whether it is set in whole numbers."""
        return self.unit != "s"

    @property
    def default(self) -> float:
        """What it is unless it is set, in its unit."""
        return float(getattr(Limits(), self.field)) / self.factor


BOUNDS = (
    Bound("wall_time", "time-limit", "s", 0.1, 3600, "How long one run may take."),
    Bound("cpu_time", "cpu-limit", "s", 0.1, 36000, "CPU time of all its processes together."),
    Bound("memory", "memory-limit", "MiB", 64, 1 << 20, "Memory of all together."),
    Bound("processes", "process-limit", "", 1, 100_000, "Processes that are alive at once."),
    Bound("output", "output-limit", "MiB", 1, 64, "Output kept of each process."),
    Bound("file_size", "file-limit", "MiB", 1, 1 << 20, "Size of a file that it writes."),
    Bound("open_files", "open-files-limit", "", 32, 1 << 20, "Open files of each process."),
    Bound("scratch", "scratch-limit", "MiB", 1, 1 << 20, "Temporary files of all together."),
)

WHOLE = 6
"""A whole notebook may take so many times as long as one cell of it, and the search for an
answer as one run."""

MOST_FILES, MOST_BYTES = 1000, 32 << 20
"""What one learner hands in has so many files, and all together so many bytes, at most."""

_SECTION = "tool.grader"


class ConfigurationError(ValueError):
    """A setting in a pyproject.toml that means nothing."""


def limits_from(settings: Mapping[str, float]) -> Limits:
    """The limits with some of them set, by their names and in their units."""
    changed = {
        bound.field: settings[bound.name] * bound.factor
        if bound.unit == "s"
        else int(settings[bound.name]) * bound.factor
        for bound in BOUNDS
        if bound.name in settings
    }
    return structs.replace(Limits(), **changed)


def configured(start: Path) -> dict[str, float]:
    """The limits that the closest pyproject.toml, in `start` or above, has in its section.

    Raises ConfigurationError, with the file and the remedy, for what is no such limit.
    """
    for folder in (start, *start.parents):
        file = folder / "pyproject.toml"
        if file.is_file():
            return _checked(file, _section(file))
    return {}


def _section(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
        if f"[{_SECTION}]" not in text:
            return {}  # without the import of a parser, which most runs do not need
        import tomllib

        found: Any = tomllib.loads(text)
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise ConfigurationError(f"{file} cannot be read: {said}") from error
    for part in _SECTION.split("."):
        found = found.get(part, {}) if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        raise ConfigurationError(f"{file}: [{_SECTION}] is a table, as in: time-limit = 20")
    return found


def _checked(file: Path, section: Mapping[str, Any]) -> dict[str, float]:
    bounds = {bound.name: bound for bound in BOUNDS}
    for name, value in section.items():
        if name not in bounds:
            raise ConfigurationError(
                f"{file}: [{_SECTION}] knows no {name!r}, only {', '.join(bounds)}."
            )
        bound = bounds[name]
        kinds = int if bound.is_whole else (int, float)
        is_number = isinstance(value, kinds) and not isinstance(value, bool)
        if not is_number or not bound.least <= value <= bound.most:
            what = "a whole number" if bound.is_whole else "a number"
            raise ConfigurationError(
                f"{file}: {name} in [{_SECTION}] is {what} from {bound.least:g} to "
                f"{bound.most:g}{' ' + bound.unit if bound.unit else ''}, not {value!r}."
            )
    return dict(section)

"""Limits are set by name, in their units, on the command line or in a pyproject.toml."""

from pathlib import Path

import pytest

from grader.limits import BOUNDS, ConfigurationError, configured, limits_from
from grader.trace import Limits
from tests.conftest import ROOT


def _configure(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def test_each_limit_of_a_run_can_be_set_and_has_a_default_within_its_bounds() -> None:
    assert {bound.field for bound in BOUNDS} == set(Limits.__struct_fields__)
    for bound in BOUNDS:
        assert bound.least <= bound.default <= bound.most
        changed = limits_from({bound.name: bound.most})
        assert getattr(changed, bound.field) == bound.most * bound.factor
    assert limits_from({}) == Limits()
    assert limits_from({"memory-limit": 100}) == Limits(memory=100 << 20)


def test_the_closest_pyproject_says(tmp_path: Path) -> None:
    _configure(tmp_path, "[tool.grader]\ntime-limit = 7.5\nprocess-limit = 9\n")
    below = tmp_path / "below"
    below.mkdir()
    assert configured(below) == {"time-limit": 7.5, "process-limit": 9}
    _configure(below, "[tool.other]\nx = 1\n")
    assert configured(below) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.grader]\ntime = 5\n", "knows no 'time', only time-limit, "),
        ("[tool.grader]\ntime-limit = 'soon'\n", "a number from 0.1 to 3600 s, not 'soon'"),
        ("[tool.grader]\ntime-limit = true\n", "not True"),
        ("[tool.grader]\ntime-limit = nan\n", "not nan"),
        ("[tool.grader]\ntime-limit = 1e9\n", "not 1000000000.0"),
        ("[tool.grader]\nprocess-limit = 1.5\n", "a whole number from 1 to 100000, not 1.5"),
        ("[tool.grader]\nprocess-limit = 0\n", "not 0"),
        ("[tool.grader]\nprocess-limit = \n", "cannot be read: Invalid value (at line 2"),
    ],
)
def test_what_is_no_limit_is_named_with_its_file_in_one_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        configured(_configure(tmp_path, text))
    (line,) = str(caught.value).splitlines()
    assert line.startswith(str(tmp_path / "pyproject.toml"))
    assert said in line


def test_the_readme_has_a_line_for_each_limit() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for bound in BOUNDS:
        unit = f" {bound.unit}" if bound.unit else ""
        line = f"| {bound.default:g}{unit} | {bound.most:,.0f}{unit} | `--{bound.name}` |"
        assert readme.count(line) == 1, line

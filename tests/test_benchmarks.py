"""The benchmarks go on working, and say what their raw numbers say."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from tests.benchmarks import accounting, batches, classes, measuring
from tests.benchmarks.__main__ import NOT_COUNTED
from tests.benchmarks.machine import Machine
from tests.benchmarks.measuring import (
    Contender,
    Figure,
    Measures,
    Plan,
    Row,
    Series,
    Source,
    Spread,
)
from tests.benchmarks.table import Document, markdown
from tests.conftest import ROOT

FLOOR, KIT = Source("floor", "rate"), Source("kit", "rate")
ROW = Row(what="a batch", unit="submissions/s", value=KIT, base=FLOOR)
SHARE = Row(what="marking", unit="s", value=KIT, base=FLOOR, shown="{:.1%}", wanted="< 15 %")
ALONE = Row(what="one", unit="ms", value=KIT)
RAW = (
    Series("floor", {"rate": (10.0, 20.0, 40.0)}),
    Series("kit", {"rate": (2.0, 20.0, 30.0)}),
)

TICK = 0.02
"""Seconds: /proc tells CPU time in hundredths, user and system each."""

MACHINE = Machine(
    date="2026-01-02T03:04+00:00",
    kit="1.2",
    commit="abc",
    python="CPython 3.11.7",
    kernel="Linux 6.1",
    processor="a processor",
    cores=2,
    memory=3 << 30,
)


def test_a_ratio_is_that_of_two_numbers_of_the_same_turn() -> None:
    # That of the medians would be 1.
    [figure] = measuring.figures([ROW], RAW)
    assert figure == Figure(
        row=ROW,
        value=Spread(median=20.0, least=2.0, most=30.0),
        base=Spread(median=20.0, least=10.0, most=40.0),
        ratio=Spread(median=0.75, least=0.2, most=1.0),
    )


def test_what_could_not_be_measured_has_no_row() -> None:
    assert measuring.figures([ROW, ALONE], RAW[:1]) == ()


def test_numbers_of_other_turns_are_not_compared() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        measuring.ratios([1.0], [1.0, 2.0])


def test_all_are_measured_by_turns() -> None:
    order: list[str] = []

    def contender(name: str) -> Contender:
        def run() -> Measures:
            order.append(name)
            return {"calls": float(len(order))}

        return Contender(name, run)

    once = Plan(contenders=(contender("A"), contender("B")))
    twice = Plan(contenders=(contender("C"), contender("D")), repeats=2)
    series = measuring.measured([once, twice], 2, lambda _: None)
    assert order == [*"ABCDCD", *"ABCDCD"]
    assert series[3] == Series("D", {"calls": (4.0, 6.0, 10.0, 12.0)})


def test_the_table_is_the_markdown_of_the_figures() -> None:
    document = Document(
        machine=MACHINE,
        number=200,
        rounds=3,
        time_limit=5.0,
        series=RAW,
        figures=measuring.figures([ROW, SHARE, ALONE], RAW),
        notes=("No sandbox here.",),
    )
    where = (
        "Medians (smallest - largest) of 3 rounds by turns, 2026-01-02T03:04+00:00; kit 1.2 "
        "(abc), CPython 3.11.7, Linux 6.1, 2 cores (a processor), 3.0 GiB; time limit 5 s."
    )
    assert markdown(document).splitlines() == [
        "| what | measured | against | ratio | wanted |",
        "| --- | ---: | ---: | ---: | --- |",
        "| a batch | 20 submissions/s | 20 submissions/s | **0.75** (0.20 - 1.00) |  |",
        "| marking | 20 s | 20 s | **75.0%** (20.0% - 100.0%) | < 15 % |",
        "| one | 20 ms |  | (2 - 30) |  |",
        "",
        where,
        "",
        "No sandbox here.",
    ]


def test_a_class_as_it_is_has_some_that_sleep_and_some_that_never_end(tmp_path: Path) -> None:
    computing = classes.computing(tmp_path / "computing", 200)
    as_it_is = classes.as_it_is(tmp_path / "class", 200)
    assert (computing.passing, as_it_is.passing) == (200, 198)
    sources = [program.read_text(encoding="utf-8") for program in as_it_is.programs]
    assert sum("sleep(1)" in source for source in sources) == 10
    hanging = [place for place, source in enumerate(sources) if "sleep(3600)" in source]
    assert len(hanging) == 2
    assert hanging[0] < 100 <= hanging[1], "spread over the class"
    plain = [program.read_text(encoding="utf-8") for program in computing.programs]
    assert len({*plain}) == 200, "each is another one"
    assert not any("sleep" in source or "timeout" in source for source in plain)


def test_the_floor_ends_what_never_ends_and_goes_on(tmp_path: Path) -> None:
    sources = ["print(1)", "import time; time.sleep(3600)", "print(2)"]
    class_ = a_class(tmp_path, sources, hanging=1)
    assert batches.floor(class_, at_a_time=1, limit=1.0)["seconds"] >= 1.0


def test_the_floor_is_told_only_if_all_ended_as_they_should(tmp_path: Path) -> None:
    with pytest.raises(batches.WrongError, match="1 programs of the floor ended well, not 2"):
        batches.floor(a_class(tmp_path, ["print(1)", "print(1 / 0)"]), at_a_time=2, limit=60.0)


TELLS_ITS_COMMAND = """
from pathlib import Path
Path("command").write_bytes(Path("/", "proc", "self", "cmdline").read_bytes())
"""
"""Not by the whole path, which alone would have it begin cold."""


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork() and /proc")
def test_programs_that_are_only_forked_begin_cold_where_the_kit_begins_them_cold(
    tmp_path: Path,
) -> None:
    could_tell = f"import sys; sys.modules\n{TELLS_ITS_COMMAND}"
    class_ = a_class(tmp_path, [TELLS_ITS_COMMAND, could_tell])
    batches.bare(class_, at_a_time=2)
    warm, cold = (program.with_name("command").read_bytes() for program in class_.programs)
    assert b"bare.py" in warm
    assert cold.split(b"\0")[1:] == [bytes(class_.programs[1]), b""]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork()")
def test_programs_that_are_only_forked_are_told_of_only_if_all_ended_well(tmp_path: Path) -> None:
    with pytest.raises(batches.WrongError, match="1 programs ended well that were only forked"):
        batches.bare(a_class(tmp_path, ["print(1 / 0)", "print(1)"]), at_a_time=1)


def a_class(folder: Path, sources: Sequence[str], hanging: int = 0) -> classes.Class:
    """These programs, each in a folder of its own."""
    programs = []
    for place, source in enumerate(sources):
        program = folder / str(place) / "q6.py"
        program.parent.mkdir()
        program.write_text(source, encoding="utf-8")
        programs.append(program)
    return classes.Class(folder, tuple(programs), hanging)


BURNS = """
import os, signal, time

def burn(seconds):
    while time.process_time() < seconds:
        pass

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
ends, held = os.pipe()
if not os.fork():
    burn(0.3)
    os._exit(0)
os.close(held)
os.read(ends, 1)
burn(0.1)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs cgroups and /proc")
def test_cpu_time_of_which_nobody_waited_for_the_end_is_counted_and_is_no_own() -> None:
    used = accounting.run([sys.executable, "-c", BURNS], batches.ENVIRONMENT).used
    if not used.counted:
        pytest.skip("no cgroup can be made here")
    assert used.own is not None
    assert used.own > 0.1 - TICK
    assert used.cpu - used.own > 0.3 - TICK


def test_the_command_measures_and_tells_what_follows_from_its_numbers(tmp_path: Path) -> None:
    output = tmp_path / "numbers.json"
    command = [sys.executable, "-m", "tests.benchmarks", "-n", "2", "--rounds", "1"]
    ran = subprocess.run(
        [*command, "--only", "batch,coordinator", "-o", str(output)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    document = msgspec.json.decode(output.read_bytes(), type=Document)
    assert markdown(document) == ran.stdout
    rows = [figure.row for figure in document.figures]
    assert document.figures == measuring.figures(rows, document.series)
    raw = {each.contender: each.measures for each in document.series}
    assert next(iter(raw)) == "2 programs that only compute: python q6.py"
    assert [*raw][-3:] == [f"coordinator, {size} submissions" for size in (5, 10, 20)]
    for name, measures in raw.items():
        if name.startswith("2 "):
            assert measures["rate"] == (2 / measures["seconds"][0],)
    graded = [measures for name, measures in raw.items() if "grade batch" in name]
    assert graded
    counted = all("counted" in measures for measures in graded)
    assert document.notes.count(NOT_COUNTED) == (0 if counted else 1)
    if sys.platform == "linux":
        assert all(0 < each["kept"][0] < each["own"][0] < each["cpu"][0] for each in graded)

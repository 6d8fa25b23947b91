"""How many small notebooks a second run: with plain nbclient, and observed by the kit.

Both run as many at a time as there are cores, each in a process of its own. What both need
to import is imported before the clock starts; what only the kit needs, the process that its
kernels are forked from, is not.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import nbformat

from grader.batch.spare import number_of_cores
from tests.benchmarks.batches import WrongError
from tests.benchmarks.measuring import Contender, Measures, Plan, Row, Source

CELLS = (
    """
from multiprocessing import Pool, Process

def show(word):
    print("hello", word)

process = Process(target=show, args=("world",))
process.start()
process.join()
""",
    """
with Pool(2) as pool:
    print(pool.map(abs, [-1, -2, -3]))
""",
    "sum(range(1000))",
)


def write_notebooks(folder: Path, number: int) -> list[Path]:
    """So many notebooks, each in a folder of its own."""
    paths = [folder / str(place) / "q3.ipynb" for place in range(number)]
    for path in paths:
        path.parent.mkdir()
        cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return paths


def run_with_nbclient(path: Path) -> bool:
    """Run a notebook as nbclient does, and say whether all went well."""
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    quiet = ["--IPKernelApp.log_level=50"]
    NotebookClient(
        notebook, resources=resources, allow_errors=True, extra_arguments=quiet
    ).execute()
    return _is_right([output for cell in notebook.cells for output in cell.outputs])


def run_with_the_kit(path: Path) -> bool:
    """Run a notebook in a warm kernel under observation, and say whether all went well."""
    from grader.run.kernel import Step
    from grader.run.notebook import run_notebook

    cells = nbformat.read(path, as_version=4).cells
    ran = run_notebook(path, [Step(place, cell.source) for place, cell in enumerate(cells)])
    return _is_right([output for outputs in ran.outputs.values() for output in outputs])


def _is_right(outputs: Sequence[Any]) -> bool:
    """Whether it ran to its end without an error."""
    kinds = [output.output_type for output in outputs]
    return kinds[-1:] == ["execute_result"] and "error" not in kinds


def measure(run: Callable[[Path], bool], number: int, at_a_time: int) -> Measures:
    """Notebooks a second."""
    ready = multiprocessing.Barrier(at_a_time + 1)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_notebooks(Path(folder), number)
        with multiprocessing.Pool(at_a_time, _prepare, (ready,)) as pool:
            ready.wait()
            began = time.perf_counter()
            right = pool.map(run, paths, chunksize=1)
            seconds = time.perf_counter() - began
            pool.close()
            pool.join()
    if not all(right):
        raise WrongError(f"{right.count(False)} of {number} notebooks went wrong")
    return {"seconds": seconds, "rate": number / seconds}


def _prepare(ready: Barrier) -> None:
    import nbclient  # noqa: F401

    import grader.run.kernel
    import grader.run.notebook  # noqa: F401

    ready.wait()


def plan_notebooks(folder: Path, number: int, limit: float) -> Plan:
    """A tenth as many notebooks as there are submissions in a class."""
    some = max(1, number // 10)
    plain, kit = (f"{some} notebooks: {who}" for who in ("nbclient", "the kit"))
    return Plan(
        contenders=(
            Contender(plain, partial(measure, run_with_nbclient, some, number_of_cores())),
            Contender(kit, partial(measure, run_with_the_kit, some, number_of_cores())),
        ),
        rows=(
            Row(
                what=kit,
                unit="notebooks/s",
                value=Source(kit, "rate"),
                base=Source(plain, "rate"),
                wanted="≥ 3",
            ),
        ),
    )

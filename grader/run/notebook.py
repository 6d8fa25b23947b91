"""Runs a notebook cell by cell, each cell once, and hands back what each kernel did."""

import asyncio
import os
import platform
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, structs

from grader.cells import tie
from grader.run.assemble import assemble
from grader.run.environment import compile_probe, default_start_method, environment
from grader.run.observation import Control, Launch, Observation, Root, since
from grader.run.runner import (
    ObserverName,
    RunError,
    choose_observer,
    observe,
    refuse_if_starved,
    scratch_folder,
)
from grader.trace import Cell, Error, Limits, Sign, Trace

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.run.kernel import Ran, Step

WHOLE = 6
"""A notebook may take so many times as long as one cell of it."""


class NotebookRun(Struct, frozen=True):
    """The trace of each kernel that it took, in their order, and the outputs of each cell
    that was run: stream, result, display and error outputs as nbformat has them.
    """

    traces: tuple[Trace, ...]
    outputs: dict[int, "list[NotebookNode]"]


def run_notebook(
    notebook: Path,
    steps: "Sequence[Step]",
    limits: Limits | None = None,
    *,
    needs: "Callable[[Sequence[Step]], str]" = lambda _left: "",
    start_method: str | None = None,
    observer: ObserverName = "auto",
    stop_at: tuple[Sign, ...] = (),
    warm: bool = True,
) -> NotebookRun:
    """Run these cells of `notebook` in its folder, in one namespace, as Jupyter would.

    A cell may take the wall time of `limits`, all together WHOLE times that. A cell that
    takes longer, or kills its kernel, costs only itself: a new kernel takes up after it,
    which is first given the code that `needs` says the cells that are left need.

    Raises RunError if the system does not let it be run.
    """
    limits = limits or Limits()
    chosen = choose_observer(observer)
    compile_probe()
    deadline = time.monotonic() + WHOLE * limits.wall_time
    run = partial(
        _run_kernel, notebook, limits, deadline, chosen, start_method, stop_at, warm=warm
    )
    traces: list[Trace] = []
    outputs: dict[int, list[NotebookNode]] = {}
    left = list(steps)
    setup: list[Step] = []
    while left and time.monotonic() < deadline:
        trace, ran = run([*setup, *left])
        traces.append(trace)
        outputs |= _outputs(trace, ran)
        left = left[max(0, ran.count - len(setup)) :]
        if not ran.lost:
            break
        # What ended a kernel before any cell of its own began would end the next one too.
        setup = _setup(needs, left) if ran.cells else []
    return NotebookRun(tuple(traces), outputs)


def _setup(needs: "Callable[[Sequence[Step]], str]", left: "Sequence[Step]") -> "list[Step]":
    from grader.run.kernel import Step

    source = needs(left)
    return [Step(None, source)] if source else []


def _run_kernel(
    notebook: Path,
    limits: Limits,
    deadline: float,
    observer: Literal["linux", "portable"],
    start_method: str | None,
    stop_at: tuple[Sign, ...],
    steps: "Sequence[Step]",
    *,
    warm: bool,
) -> "tuple[Trace, Ran]":
    from grader.run.kernel import Driver, KernelError
    from grader.run.provisioner import ENVIRONMENT

    control = Control()
    try:
        with scratch_folder() as scratch:
            driver = Driver(scratch / "k.json", control)
            env = environment(os.environ, scratch / "tmp", start_method)
            env |= ENVIRONMENT | {"IPYTHONDIR": str(scratch / "ipython")}
            launch = Launch(
                argv=driver.argv,
                cwd=notebook.absolute().parent,
                env=env,
                scratch=scratch,
                stop_at=stop_at,
                control=control,
                start=_start(warm=warm) if observer == "linux" else None,
            )
            # One kernel has the processes and the CPU time of all cells.
            held = structs.replace(
                limits, cpu_time=WHOLE * limits.cpu_time, processes=2 * limits.processes
            )
            wall_time = deadline + limits.wall_time - time.monotonic()
            seen = _Observer(launch, structs.replace(held, wall_time=wall_time), observer)
            try:
                seen.start()
                ran = asyncio.run(driver.run(steps, limits.wall_time, deadline, limits.output))
            except KernelError:
                seen.stop()
                seen.result()  # which raises what the observer met, if it was that
                raise
            finally:
                seen.stop()
            observation = seen.result()
    except (OSError, KernelError) as error:
        raise RunError(f"{notebook} could not be run: {error}") from error
    finally:
        control.close()
    refuse_if_starved(observation)
    trace = assemble(
        observation,
        program=str(notebook),
        python=platform.python_version(),
        start_method=start_method or default_start_method(),
        observer=observer,
        limits=held,
    )
    named = _name_cells(trace, steps)
    return tie(named, _cells(observation, ran.cells)), ran


def _name_cells(trace: Trace, steps: "Sequence[Step]") -> Trace:
    """Name the cell where an error was raised; ipykernel compiles each as a file of its own."""
    from ipykernel.compiler import get_tmp_hash_seed, murmur2_x86

    files = {
        f"{murmur2_x86(step.source, get_tmp_hash_seed())}.py": step
        for step in steps
        if step.index is not None
    }

    def named(error: Error | None) -> Error | None:
        step = files.get(error.file) if error else None
        if error is None or step is None:
            return error
        return structs.replace(error, file=step.place, line=error.line + step.line - 1)

    return structs.replace(
        trace,
        processes=tuple(
            structs.replace(process, error=named(process.error)) for process in trace.processes
        ),
    )


class _Observer:
    """Observes in another thread while nbclient drives the kernel in this one."""

    def __init__(
        self, launch: Launch, limits: Limits, observer: Literal["linux", "portable"]
    ) -> None:
        assert launch.control is not None
        self._control = launch.control
        self._observation: Observation | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._observe, args=(launch, limits, observer))

    def _observe(
        self, launch: Launch, limits: Limits, observer: Literal["linux", "portable"]
    ) -> None:
        try:
            self._observation = observe(launch, limits, observer)
        except BaseException as error:
            self._error = error
        finally:
            self._control.ended.set()

    def start(self) -> None:
        """Begin; the kernel is started by this."""
        self._thread.start()

    def stop(self) -> None:
        """Wait until all is gone, also if somebody presses Ctrl-C meanwhile."""
        self._control.ask_to_stop()
        try:
            if self._thread.ident is not None:
                self._thread.join()
        finally:
            if self._thread.ident is not None:
                self._thread.join()

    def result(self) -> Observation:
        """What was observed. Raises what the observer raised."""
        if self._observation is None:
            assert self._error is not None
            raise self._error
        return self._observation


def _start(*, warm: bool) -> "Callable[..., Root] | None":
    """How a kernel is started: from the warm process, where there can be one."""
    from grader.run import warm as warmth

    if not warm or not warmth.is_available():
        return None
    from grader.run.provisioner import ENVIRONMENT

    own = environment(os.environ, Path(os.devnull), None) | ENVIRONMENT
    del own["PYTHONPATH"]
    return warmth.zygote(own).fork


def _cells(log: Observation, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells at the times that count from the kernel's start."""
    return tuple(
        structs.replace(
            cell,
            began=since(log, cell.began),
            ended=since(log, cell.ended),
            error=cell.error and structs.replace(cell.error, time=since(log, cell.error.time)),
        )
        for cell in cells
    )


def _outputs(trace: Trace, ran: "Ran") -> "dict[int, list[NotebookNode]]":
    """The outputs of each cell: what came as messages, and what its processes wrote, in the
    order of time.
    """
    from nbformat.v4 import new_output

    began = {cell.index: cell.began for cell in ran.cells}
    offset = {cell.index: began[cell.index] - cell.began for cell in trace.cells}
    found: dict[int, list[NotebookNode]] = {}
    for cell in trace.cells:
        timed = [(time - offset[cell.index], output) for time, output in ran.outputs[cell.index]]
        timed += [
            (write.time, new_output("stream", name=write.stream, text=write.text))
            for write in trace.writes
            if write.cell == cell.index
        ]
        timed.sort(key=lambda entry: entry[0])
        found[cell.index] = [output for _time, output in timed]
    return found

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
from grader.limits import WHOLE
from grader.run.assemble import assemble
from grader.run.companions import companions
from grader.run.environment import (
    compile_probe,
    default_start_method,
    environment,
    environment_inside,
)
from grader.run.keepers import UnavailableError
from grader.run.observation import Control, Observation, since
from grader.run.places import CONNECTION, HOME, SCRATCH, SUBMISSION
from grader.run.request import Request, spelled, spelled_env
from grader.run.rooms import Sandbox, room
from grader.run.runner import (
    ObserverName,
    RunError,
    choose_observer,
    refuse_if_starved,
)
from grader.run.scratch import scratch_folder
from grader.trace import Cell, Error, Limits, Sign, Trace

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.run.kernel import Ran, Step


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
    sandbox: Sandbox = "off",
    whole: bool = False,
) -> NotebookRun:
    """Run these cells of `notebook` in its folder, in one namespace, as Jupyter would.

    A cell may take the wall time of `limits`, all together WHOLE times that. A cell that
    takes longer, or kills its kernel, costs only itself: a new kernel takes up after it,
    which is first given the code that `needs` says the cells that are left need. In a
    sandbox they run in a copy of the folder, of which `whole` says that all was handed in.

    Raises RunError if the system does not let it be run.
    """
    limits = limits or Limits()
    chosen = choose_observer(observer)
    compile_probe()
    deadline = time.monotonic() + WHOLE * limits.wall_time
    warm = warm and chosen == "linux"
    how = _How(limits, deadline, chosen, start_method, stop_at, warm, sandbox, whole)
    run = partial(_run_kernel, notebook, how)
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


class _How(Struct, frozen=True):
    """How each kernel of a notebook is run: see run_notebook()."""

    limits: Limits
    deadline: float
    observer: Literal["linux", "portable"]
    start_method: str | None
    stop_at: tuple[Sign, ...]
    warm: bool
    sandbox: Sandbox
    whole: bool

    @property
    def held(self) -> Limits:
        """What one kernel is held to: it has the processes and the CPU time of all cells."""
        return structs.replace(
            self.limits,
            wall_time=self.deadline + self.limits.wall_time - time.monotonic(),
            cpu_time=WHOLE * self.limits.cpu_time,
            processes=2 * self.limits.processes,
        )


def _run_kernel(notebook: Path, how: _How, steps: "Sequence[Step]") -> "tuple[Trace, Ran]":
    from grader.run.kernel import Driver, KernelError

    control = Control()
    try:
        with (
            room(how.sandbox, "kernels", how.observer, warm=how.warm) as found,
            scratch_folder(found.shared) as scratch,
        ):
            # The kernel sees the folder, which is shared with it, by another name in a sandbox.
            seen_in = scratch if found.tier == "off" else Path(CONNECTION)
            driver = Driver(scratch / "k.json", control, seen_in)
            if found.tier == "off":
                request = _outside(notebook, how, driver.argv, scratch)
            else:
                request = _inside(notebook, how, driver.argv, scratch, steps)
            seen = _Observer(partial(found.observe, request, control), control)
            try:
                seen.start()
                limits = how.limits
                ran = asyncio.run(driver.run(steps, limits.wall_time, how.deadline, limits.output))
            except Exception:
                seen.stop()
                seen.result()  # which raises what the observer met, if it was that
                raise
            finally:
                seen.stop()
            observation = seen.result()
    except (OSError, KernelError, UnavailableError) as error:
        raise RunError(f"{notebook} could not be run: {error}") from error
    finally:
        control.close()
    refuse_if_starved(observation)
    trace = assemble(
        observation,
        program=str(notebook),
        python=platform.python_version(),
        start_method=how.start_method or default_start_method(),
        observer=how.observer,
        sandbox=found.tier,
        start="warm" if how.warm else "cold",
        limits=structs.replace(how.held, wall_time=how.limits.wall_time),
    )
    named = _name_cells(trace, steps)
    return tie(named, _cells(observation, ran.cells)), ran


def _outside(notebook: Path, how: _How, argv: tuple[str, ...], scratch: Path) -> Request:
    """A kernel in the notebook's own folder."""
    from grader.run.provisioner import ENVIRONMENT

    env = environment(os.environ, str(scratch / "tmp"), how.start_method)
    return Request(
        argv=spelled(argv),
        cwd=os.fsencode(notebook.absolute().parent),
        env=spelled_env(env | ENVIRONMENT | {"IPYTHONDIR": str(scratch / "ipython")}),
        scratch=os.fsencode(scratch),
        stop_at=how.stop_at,
        limits=how.held,
        observer=how.observer,
        warm="kernel" if how.warm else "",
    )


def _inside(
    notebook: Path,
    how: _How,
    argv: tuple[str, ...],
    shared: Path,
    steps: "Sequence[Step]",
) -> Request:
    """A kernel in a sandbox."""
    from grader.run.provisioner import ENVIRONMENT

    folder = str(notebook.absolute().parent)
    env = environment_inside(os.environ, how.start_method)
    return Request(
        argv=spelled(argv),
        cwd=os.fsencode(SUBMISSION),
        env=spelled_env(env | ENVIRONMENT | {"IPYTHONDIR": f"{HOME}/.ipython"}),
        scratch=os.fsencode(SCRATCH),
        stop_at=how.stop_at,
        limits=how.held,
        observer=how.observer,
        warm="kernel" if how.warm else "",
        files=companions(folder, [step.source for step in steps], whole=how.whole),
        shared=shared.name,
    )


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

    def __init__(self, observe: Callable[[], Observation], control: Control) -> None:
        self._control = control
        self._observation: Observation | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._observe, args=(observe,))

    def _observe(self, observe: Callable[[], Observation]) -> None:
        try:
            self._observation = observe()
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

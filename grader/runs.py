"""Running the parts of a file that holds several answers: a notebook's cells, or the pieces
of a script.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import structs

from grader.cells import of_cells
from grader.load.calls import calls_from
from grader.load.needs import needed
from grader.load.parts import Part
from grader.load.prose import text_code
from grader.load.python import plain_python
from grader.run.runner import run
from grader.run.scratch import scratch_folder
from grader.settings import HOPELESS, Settings
from grader.trace import Sign, Trace

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.run.kernel import Step
    from grader.run.notebook import NotebookRun

Parts = tuple[int, ...]


class Runs(Protocol):
    """How the parts of one file are run. What has been run is not run again."""

    def in_order(self, parts: Parts) -> Trace | None:
        """The trace of these parts as the file runs from its top; None if they were not run,
        or not in one go.
        """
        ...

    def alone(self, together: Parts, parts: Parts) -> Trace | None:
        """The trace of these parts when nothing is run but those that they stand together
        with and what those need.
        """
        ...

    def elsewhere(self, together: Parts, parts: Parts, method: str) -> Trace | None:
        """The same on a system with another start method, until it is seen to be hopeless."""
        ...

    def outputs(self) -> "dict[int, list[NotebookNode]]":
        """What each part printed and showed as the file ran from its top."""
        ...


class NotebookRuns:
    """Runs the cells of a notebook in kernels. Raises RunError where that is not possible."""

    def __init__(self, path: Path, parts: Sequence[Part], settings: Settings) -> None:
        self._path = path
        self._parts = parts
        self._settings = settings
        self._alone: dict[tuple[Parts, str | None], tuple[Trace, ...]] = {}

    def in_order(self, parts: Parts) -> Trace | None:
        """See Runs."""
        return _of(self._from_the_top.traces, parts)

    def outputs(self) -> "dict[int, list[NotebookNode]]":
        """See Runs."""
        return self._from_the_top.outputs

    def alone(self, together: Parts, parts: Parts) -> Trace | None:
        """See Runs."""
        return _of(self._run_alone(together, self._settings.start_method), parts)

    def elsewhere(self, together: Parts, parts: Parts, method: str) -> Trace | None:
        """See Runs."""
        return _of(self._run_alone(together, method, HOPELESS), parts)

    @cached_property
    def _from_the_top(self) -> "NotebookRun":
        places = [p.index for p in self._parts if p.type == "code" and p.source.strip()]
        return self._run(places)

    def _run_alone(
        self, together: Parts, method: str | None, stop_at: tuple[Sign, ...] = ()
    ) -> tuple[Trace, ...]:
        key = (together, method)
        if key not in self._alone:
            self._alone[key] = self._run(together, method, stop_at, alone=True).traces
        return self._alone[key]

    def _run(
        self,
        places: Sequence[int],
        method: str | None = None,
        stop_at: tuple[Sign, ...] = (),
        *,
        alone: bool = False,
    ) -> "NotebookRun":
        from grader.run.kernel import Step
        from grader.run.notebook import run_notebook

        steps = [
            Step(part.index, source_of(part), part.place, part.line)
            for part in (self._parts[place] for place in places)
        ]
        if alone:
            last = steps[-1]
            called = _called(self._parts, tuple(places))
            steps[-1] = structs.replace(last, source=last.source + called)
        first = self._needs(steps) if alone else ""
        return run_notebook(
            self._path,
            [Step(None, first), *steps] if first else steps,
            self._settings.limits,
            needs=self._needs,
            start_method=method or self._settings.start_method,
            observer=self._settings.observer,
            stop_at=stop_at,
            warm=self._settings.warm,
            sandbox=self._settings.sandbox,
            whole=self._settings.whole,
        )

    def _needs(self, steps: "Sequence[Step]") -> str:
        """What cells that are still to be run need of the others."""
        own = {step.index for step in steps}
        first = min((step.index for step in steps if step.index is not None), default=0)
        return _needed(self._parts, "\n".join(step.source for step in steps), first, own)


class ScriptRuns:
    """Runs pieces of a script as programs of their own, on the lines where they stand."""

    def __init__(self, path: Path, parts: Sequence[Part], settings: Settings) -> None:
        self._path = path
        self._parts = parts
        self._settings = settings
        self._known: dict[tuple[Parts, str | None], Trace] = {}

    def in_order(self, parts: Parts) -> None:
        """Never: a script runs as a whole or not at all."""

    def alone(self, together: Parts, parts: Parts) -> Trace | None:
        """See Runs. Of the pieces that stand together only all or one are tried."""
        return self._run(together, parts, self._settings.start_method)

    def elsewhere(self, together: Parts, parts: Parts, method: str) -> Trace | None:
        """See Runs."""
        return self._run(together, parts, method, HOPELESS)

    def outputs(self) -> "dict[int, list[NotebookNode]]":
        """None: a script is no notebook."""
        return {}

    def _run(
        self, together: Parts, parts: Parts, method: str | None, stop_at: tuple[Sign, ...] = ()
    ) -> Trace | None:
        if parts != together and len(parts) > 1:
            return None
        key = (parts, method)
        if key not in self._known:
            with scratch_folder() as folder:
                program = folder / self._path.name
                program.write_text(self._program(parts), encoding="utf-8")
                trace = run(
                    program,
                    self._settings.limits,
                    folder=self._path.absolute().parent,
                    start_method=method,
                    observer=self._settings.observer,
                    stop_at=stop_at,
                    sandbox=self._settings.sandbox,
                    whole=self._settings.whole,
                    warm=self._settings.warm,
                )
            self._known[key] = structs.replace(trace, program=str(self._path))
        return self._known[key]

    def _program(self, parts: Parts) -> str:
        """The source of these pieces, below what they need, each line where it was."""
        pieces = [self._parts[place] for place in parts]
        sources = [(piece.line, as_program(source_of(piece))) for piece in pieces]
        lines = _needed(
            self._parts, "\n".join(source for _line, source in sources), parts[0], set(parts)
        ).split("\n")
        for first, source in sources:
            lines += [""] * (first - 1 - len(lines))
            lines += source.split("\n")
        return "\n".join(lines) + "\n" + _guarded(_called(self._parts, parts))


_FOR_JUPYTER = re.compile(r"^(\s*)get_ipython\(\).*$", re.MULTILINE)


def as_program(source: str) -> str:
    """Without what only Jupyter understands, and nbconvert's traces of it; line for line."""
    return _FOR_JUPYTER.sub(r"\1pass", plain_python(source))


def source_of(part: Part) -> str:
    """What of a part is run: of words, the program in them."""
    return part.source if part.type == "code" else text_code(part) or ""


def _of(traces: Iterable[Trace], parts: Parts) -> Trace | None:
    """The trace of these cells, if one kernel ran them all."""
    for trace in traces:
        if {*parts} <= {cell.index for cell in trace.cells}:
            return of_cells(trace, parts)
    return None


def _called(parts: Sequence[Part], own: Parts) -> str:
    """Calls of these parts' functions that stand elsewhere, if they do nothing themselves."""
    answer = "\n".join(source_of(parts[place]) for place in own)
    others = [p.source for p in parts if p.type == "code" and p.index not in own]
    calls = calls_from(answer, others)
    return f"\n{calls}" if calls else ""


def _guarded(calls: str) -> str:
    """Under the guard that a program with spawned children needs."""
    if not calls:
        return ""
    return f'if __name__ == "__main__":\n{textwrap.indent(calls.strip(), "    ")}\n'


def _needed(parts: Sequence[Part], source: str, first: int, own: Iterable[int | None]) -> str:
    own = {*own}
    code = [part for part in parts if part.type == "code"]
    return needed(
        source,
        before=[p.source for p in code if p.index < first and p.index not in own],
        # Of its own cells too: they may have been run in another order.
        after=[p.source for p in code if p.index > first],
    )

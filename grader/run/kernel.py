"""One Jupyter kernel under observation, driven cell by cell with nbclient.

The kernel's stdout and stderr are those that the observer gives to any program: what each of
its processes prints is attributed to that process, while ipykernel's own streams would mix
them up and lose what comes after a cell has ended. Only results, displays and errors travel
as messages.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from msgspec import Struct
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from grader.run.observation import Control
from grader.run.provisioner import kernel_manager
from grader.trace import Cell, CellStatus, Error

_OUTPUTS = frozenset({"display_data", "execute_result", "error", "stream", "update_display_data"})
_LAST = frozenset({"execute_result", "error"})
"""What comes of a cell when it is done: after all that it printed, however late that is read."""
_HANDLED = frozenset({"status", "execute_input", "clear_output"})
_STARTUP = 60
_TICK = 0.02
_EXIT = """import sys as _sys
if "multiprocessing.util" in _sys.modules:
    _sys.modules["multiprocessing.util"]._exit_function()
"""
"""What Python does at the end of a program: end daemons and pools, await the processes."""


class Step(Struct, frozen=True):
    """A cell to run: its index, None for code of the kit's own; what people call it, and the
    line of it that the source begins at.
    """

    index: int | None
    source: str
    name: str = ""
    line: int = 1

    @property
    def place(self) -> str:
        """What it is called in messages."""
        return self.name or f"cell {(self.index or 0) + 1}"


class Ran(Struct, frozen=True, kw_only=True):
    """What became of the steps given to one kernel: how many it ran, and of those with an
    index when and how each ran, on the system's clock, and its outputs, each with the time
    of its arrival. `lost` says that the last of them cost the kernel.
    """

    count: int
    cells: tuple[Cell, ...]
    outputs: dict[int, list[tuple[float, NotebookNode]]]
    lost: bool


class KernelError(Exception):
    """A kernel could not be started; never the fault of the notebook."""


class _Notebook(NotebookClient):
    """Notes when each output came, and how each cell was answered. Of the results and
    displays no more than `room` bytes are kept.
    """

    def __init__(
        self, notebook: NotebookNode, control: Control, room: int, **options: Any
    ) -> None:
        self.limit: float = 0.0
        super().__init__(notebook, timeout_func=self._limit, **options)
        self._control = control
        self._room = room
        self.arrived: list[tuple[float, NotebookNode]] = []
        self.reply: dict[str, Any] = {}
        self.on_cell_executed = self._note_reply

    def process_message(self, msg: Any, cell: NotebookNode, cell_index: int) -> Any:
        """Keep an output; what is none of the format's, or too much, is left out.

        A program can send messages of its own making here.
        """
        if msg["msg_type"] in _OUTPUTS:
            self._room -= len(str(msg["content"]))
            if self._room < 0:
                return None
        elif msg["msg_type"] not in _HANDLED:
            return None
        try:
            output = super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:
            return None
        if output is not None:
            self.arrived.append((time.monotonic(), output))
        return output

    def _limit(self, _cell: NotebookNode) -> float:  # its trait `timeout` takes whole seconds only
        return self.limit

    async def _async_poll_kernel_alive(self) -> None:
        # nbclient's own looks once a second. Should it rename this one day, that will do too.
        while not self._control.ended.is_set():
            await asyncio.sleep(_TICK)
        if self.task_poll_for_reply is not None:
            self.task_poll_for_reply.cancel()

    def _note_reply(self, execute_reply: Any, **_cell: Any) -> None:
        self.reply = execute_reply["content"]


class Driver:
    """Runs steps in the kernel that an observer has been told to start."""

    def __init__(self, connection: Path, control: Control, seen_in: Path) -> None:
        self._control = control
        self._manager, self.argv = kernel_manager(connection, seen_in, control)

    async def run(
        self, steps: Sequence[Step], cell_time: float, deadline: float, room: int
    ) -> Ran:
        """Run the steps until one costs the kernel, or the deadline, and end the kernel.

        At most `room` bytes of results and displays are kept. Raises KernelError if the kernel
        does not start.
        """
        import zmq.asyncio

        with zmq.asyncio.Context() as context:
            context.linger = 0
            self._manager.context = context  # its own would never be closed
            context.reconnect_ivl = 2  # ms; the kernel is not there yet when we first knock
            sources = [*(step.source for step in steps), _EXIT]
            notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
            client = _Notebook(
                notebook,
                self._control,
                room,
                km=self._manager,
                allow_errors=True,
                coalesce_streams=False,
                store_widget_state=False,
                startup_timeout=_STARTUP,
            )
            client.reset_execution_trackers()
            await self._manager.start_kernel()
            client.kc = self._manager.client(context=context)
            client.kc.start_channels(hb=False, stdin=False)
            try:
                await self._ready(client.kc)
                await asyncio.to_thread(self._control.catch_up)  # see orders.RemoteOrders
                return await self._cells(client, steps, cell_time, deadline)
            finally:
                client.kc.stop_channels()
                self._control.ask_to_stop()
                self._manager._close_control_socket()

    async def _ready(self, kernel: AsyncKernelClient) -> None:
        ready = asyncio.ensure_future(kernel.wait_for_ready(timeout=_STARTUP))
        while not ready.done() and not self._control.ended.is_set():
            await asyncio.wait({ready}, timeout=0.1)
        if not ready.done():
            ready.cancel()
            raise KernelError("the kernel ended before it was ready")
        try:
            ready.result()
        except TimeoutError:
            raise KernelError(f"the kernel was not ready after {_STARTUP} s") from None

    async def _cells(
        self, client: _Notebook, steps: Sequence[Step], cell_time: float, deadline: float
    ) -> Ran:
        ran: list[Cell] = []
        outputs: dict[int, list[tuple[float, NotebookNode]]] = {}
        lost = False
        count = 0
        while count < len(steps) and not lost and time.monotonic() < deadline:
            step = steps[count]
            began = time.monotonic()
            limit = max(0.1, min(cell_time, deadline - began))
            status, error = await self._execute(client, count, limit, step)
            await asyncio.to_thread(self._control.catch_up)
            count += 1
            lost = status in ("time limit", "died")
            if step.index is not None:
                ended = time.monotonic()
                cell = Cell(
                    index=step.index,
                    name=step.place,
                    began=began,
                    ended=ended,
                    status=status,
                    error=error,
                )
                ran.append(cell)
                outputs[step.index] = [
                    (ended if output.output_type in _LAST else arrived, output)
                    for arrived, output in client.arrived
                ]
            client.arrived = []
        if not lost:
            with suppress(CellTimeoutError, DeadKernelError):
                client.limit = max(0.1, min(cell_time, deadline - time.monotonic()))
                await client.async_execute_cell(client.nb.cells[-1], len(steps))
            self._control.finish()
        return Ran(count=count, cells=tuple(ran), outputs=outputs, lost=lost)

    async def _execute(
        self, client: _Notebook, number: int, limit: float, step: Step
    ) -> tuple[CellStatus, Error | None]:
        client.limit = limit
        client.reply = {}
        try:
            await client.async_execute_cell(client.nb.cells[number], number)
        except CellTimeoutError:
            return "time limit", None
        except DeadKernelError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # Ctrl-C, which nbclient takes for it
                raise asyncio.CancelledError from None
            return "died", None
        except Exception as error:
            # Only who has the kernel's key can send what its client stumbles over.
            said = f"the kernel cannot be understood any more ({type(error).__name__})"
            return "died", Error(time.monotonic(), said, step.place, 0)
        if client.reply.get("status") != "error" or _is_calm_exit(client.reply):
            return "ok", None
        return "error", _error(client.reply, step)


def _is_calm_exit(reply: dict[str, Any]) -> bool:
    """Whether the cell called sys.exit() as a program does that has done its work."""
    return reply.get("ename") == "SystemExit" and reply.get("evalue") in ("", "0", "None")


_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def _error(reply: dict[str, Any], step: Step) -> Error:
    """The error that a cell raised, with the last line of the notebook in its traceback."""
    traceback = _ESCAPE.sub("", "\n".join(map(str, reply.get("traceback", ()))))
    lines = _LINE.findall(traceback)
    text = f"{reply.get('ename', 'Error')}: {reply.get('evalue', '')}"
    line = int(lines[-1]) + step.line - 1 if lines else 0
    return Error(time.monotonic(), text, step.place, line)

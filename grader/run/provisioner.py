"""How jupyter_client comes to a kernel that an observer runs: as a kernel provisioner, its
extension point for kernels that somebody else starts.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from grader.run.observation import Control

_LAUNCH = """import sys
sys.path.remove("")
sys.modules["debugpy"] = None
import ipykernel.debugger
del sys.modules["debugpy"]
from ipykernel.kernelapp import launch_new_instance
sys.argv[0] = "ipykernel_launcher"
launch_new_instance()
"""
"""What ipykernel_launcher does, without the debugger, which would run a command in a cell."""

KERNEL = (
    sys.executable,
    "-c",
    _LAUNCH,
    "-f",
    "{connection_file}",
    "--IPKernelApp.outstream_class=None",
    "--IPKernelApp.log_level=50",
    "--HistoryManager.enabled=False",
    # Not through a pseudo-terminal of the kernel's: a command prints for itself.
    "--IPKernelApp.exec_lines=get_ipython().system = get_ipython().system_raw",
    # quit() would end the kernel some time later, under the feet of another cell.
    "--IPKernelApp.exec_lines=get_ipython().ask_exit = lambda: None",
)
"""How a kernel is started."""

ENVIRONMENT = {"JPY_PARENT_PID": "1"}  # else it writes a banner and looks after its parent


class Provisioner(KernelProvisionerBase):
    """Leaves a kernel to the observer that runs it."""

    control: Control
    argv: Sequence[str]
    manager: AsyncKernelManager

    @property
    def has_process(self) -> bool:
        """Whether the kernel may still be running."""
        return not self.control.ended.is_set()

    async def poll(self) -> int | None:
        """None while the kernel runs."""
        return None if self.has_process else 0

    async def wait(self) -> int | None:
        """Wait for the kernel's end."""
        await asyncio.to_thread(self.control.ended.wait)
        return 0

    async def send_signal(self, signum: int) -> None:
        """Nothing: the observer alone ends what it runs."""

    async def kill(self, restart: bool = False) -> None:  # noqa: ARG002
        """End the kernel and all its processes."""
        self.control.ask_to_stop()

    async def terminate(self, restart: bool = False) -> None:  # noqa: ARG002
        """End the kernel and all its processes."""
        self.control.ask_to_stop()

    async def cleanup(self, restart: bool = False) -> None:
        """Nothing is left to clean up."""

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        """Nothing: the observer has the command already."""
        return dict(await super().pre_launch(cmd=list(self.argv), **options))

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:  # noqa: ARG002
        """Nothing: the observer starts it."""
        self.connection_info = self.manager.get_connection_info()
        return self.connection_info


class Client(AsyncKernelClient):
    """Knows when a kernel is ready without asking again and again."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's welcome (ipykernel 7.2), which shows that it is heard, and for
        an answer, which shows that all that it does at its start is done.
        """
        async with asyncio.timeout(timeout):
            while (await self.iopub_channel.get_msg())["msg_type"] != "iopub_welcome":
                pass
            asked = self.kernel_info()
            while (await self.shell_channel.get_msg())["parent_header"].get("msg_id") != asked:
                pass


def kernel_manager(
    connection: Path, seen_in: Path, control: Control
) -> tuple[AsyncKernelManager, tuple[str, ...]]:
    """The manager of a kernel that an observer starts, and the command to start it with.

    `connection` is the file that tells the kernel where to listen: on Unix sockets beside it.
    The kernel sees that folder as `seen_in`.
    """
    manager = AsyncKernelManager(
        transport="ipc", ip=str(connection.with_suffix("")), connection_file=str(connection)
    )
    manager.write_connection_file()
    # The kernel has a file of its own: the manager writes that one again when it likes.
    told = manager.get_connection_info() | {"ip": str(seen_in / connection.stem)}
    told_in = connection.with_name("kernel.json")
    told_in.write_text(json.dumps(told, default=bytes.decode), encoding="utf-8")
    argv = tuple(part.replace("{connection_file}", str(seen_in / told_in.name)) for part in KERNEL)
    spec = KernelSpec(argv=list(argv), language="python", display_name="Python 3")
    provisioner = Provisioner(parent=manager, kernel_spec=spec, kernel_id="grader")
    provisioner.control, provisioner.argv, provisioner.manager = control, argv, manager
    manager.provisioner = provisioner
    manager._kernel_spec = spec
    manager.client_factory = Client
    return manager, argv

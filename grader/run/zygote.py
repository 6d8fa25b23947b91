"""A zygote: a process that is forked before it is known what is to run, has what most programs
import in memory, and then becomes one of them. It looks like an interpreter that was started just
then: see warm.py.
"""

import importlib
import marshal
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence

from grader.run import namespace, wire
from grader.run.spawned import Child

TYPE_CHECKING = False  # see keepers.py
if TYPE_CHECKING:
    from typing import Any

    from grader.run.keepers import Kind


def warm_up(kind: "Kind", own: Sequence[str]) -> None:
    """Import what programs, or kernels, import, in this process, for which the folders `own` at
    the end of its path are not there any more. Once is enough.
    """
    name = _MODULES[kind]
    if name not in sys.modules:
        module: Any = importlib.import_module(name)
        del sys.path[len(sys.path) - len(own) :]
        module.preload()


_MODULES = {"programs": "grader.run.warm_program", "kernels": "grader.run.warm_kernel"}


class Zygote:
    """A child of this process, which begins at once to import what it does not have."""

    def __init__(self, kind: "Kind", own: Sequence[str], *, sandboxed: bool) -> None:
        self._line, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            try:
                self._line.close()
                if sandboxed:
                    namespace.drop_capabilities()
                namespace.show_memory()
                warm_up(kind, own)
                _become(_MODULES[kind], theirs)
            finally:
                os._exit(1)
        theirs.close()

    def wait_until_ready(self) -> None:
        """Wait until it needs nothing more of the kit. Raises OSError if it has ended."""
        if not self._line.recv(1):
            raise OSError("the process that was to become the program has ended")

    def become(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: str, stdout: int, stderr: int
    ) -> Child:
        """Have it be what this command would start. Raises OSError."""
        with self._line as line:
            socket.send_fds(line, [b"!"], [stdout, stderr])
            wire.send(line, wire.REQUEST, marshal.dumps(([*argv], {**env}, cwd)))
        return Child(self.pid)

    def discard(self) -> None:
        """Something else is to run."""
        self._line.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _become(name: str, line: socket.socket) -> None:
    line.sendall(b"!")
    _data, streams, _flags, _address = socket.recv_fds(line, 1, 2)
    if streams:
        _kind, payload = wire.receive(line)
        argv, env, cwd = marshal.loads(payload)  # noqa: S302  # of who forked this process
        module: Any = sys.modules[name]
        module.become(argv, env, cwd, streams)

"""What the observer of a run that a keeper began does then: it watches the program, and reports.

This is imported while the first program of a keeper starts: see start.py.
"""

import os
import socket
import sys
from collections.abc import Callable, Mapping
from functools import partial

from grader.run import linux, namespace, wire
from grader.run.observation import Launch, Observation
from grader.run.orders import AbandonedError, RemoteOrders
from grader.run.places import CONNECTION
from grader.run.records import Hello
from grader.run.request import Request, Warm, decode_request, encode
from grader.run.spawned import Child
from grader.run.start import Begun
from grader.trace import Limits


def prepared(line: socket.socket, begun: Begun | None, *, sandboxed: bool) -> Callable[[], None]:
    """What observes the run that is asked for on this line, and sends what was seen. It imports
    nothing of the kit that a run in a sandbox needs.
    """
    kind, payload = wire.receive(line)
    assert kind == wire.REQUEST
    request = decode_request(payload)
    start = partial(_fork, request.warm, sandboxed) if request.warm else None
    seal = partial(namespace.seal, CONNECTION) if request.shared else None
    launch = request.launch(RemoteOrders(line, seal), start)
    observe = partial(_observer(request, begun), launch, request.limits)
    return partial(_report, line, observe, request.warm, "" if sandboxed else launch.scratch)


def _report(
    line: socket.socket, observe: Callable[[], Observation], warm: Warm, scratch_folder: str
) -> None:
    """Observe, and send what was seen."""
    try:
        observation = observe()
    except AbandonedError:
        if scratch_folder:
            from grader.run import scratch

            scratch.remove(scratch_folder)  # its owner may have been killed
        raise
    if warm == "program":
        _refuse_what_never_began(observation)
    wire.send(line, wire.DONE, encode(observation))


def _refuse_what_never_began(observation: Observation) -> None:
    """The first that is heard of a program comes from the probe, before any code of its own runs.

    Raises OSError.
    """
    if observation.stopped_by is None and not any(
        isinstance(record, Hello) and record.pid == observation.root
        for record in observation.records
    ):
        raise OSError(f"its process ended before it began, with exit code {observation.exit_code}")


def _observer(request: Request, begun: Begun | None) -> Callable[[Launch, Limits], Observation]:
    if request.observer == "linux":
        return partial(linux.observe, begun=begun)
    from grader.run import portable

    return portable.observe


def _fork(
    kind: Warm,
    sandboxed: bool,
    launch: Launch,
    env: Mapping[str, str],
    stdout: int,
    stderr: int,
) -> Child:
    """Start what begins warm."""
    become = sys.modules[f"grader.run.warm_{kind}"].become  # a keeper of these has imported it
    pid = os.fork()
    if not pid:
        try:
            if sandboxed:
                namespace.drop_capabilities()
            namespace.show_memory()
            become(launch.argv, env, launch.cwd, [stdout, stderr])
        finally:
            os._exit(1)
    return Child(pid)

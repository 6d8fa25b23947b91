"""What the observer of a run that a keeper began does then: it starts the program, watches it, and
reports.
"""

import socket
from collections.abc import Callable
from functools import partial

from grader.run import linux, namespace, wire
from grader.run.observation import Launch, Observation, Start
from grader.run.orders import AbandonedError, RemoteOrders
from grader.run.places import CONNECTION
from grader.run.records import Hello
from grader.run.request import Request, Warm, encode
from grader.trace import Limits


def prepared(
    line: socket.socket, request: Request, start: Start | None, *, sandboxed: bool
) -> Callable[[], None]:
    """What starts and observes the program that is asked for on this line, and sends what was
    seen. It imports nothing of the kit that a run in a sandbox needs.
    """
    seal = partial(namespace.seal, CONNECTION) if request.shared else None
    launch = request.launch(RemoteOrders(line, seal), start)
    observe = partial(_observer(request), launch, request.held)
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


def _observer(request: Request) -> Callable[[Launch, Limits], Observation]:
    if request.observer == "linux":
        return linux.observe
    from grader.run import portable

    return portable.observe

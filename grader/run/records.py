"""The probe's reports as the runner reads them: schema-checked data, nothing more.

Each is one JSON object with the fields of one class below; `kind` tells which. What does
not fit is counted and ignored. The other end is `probe/grader_probe/channel.py`.
"""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from grader.trace import Flavour, Sign, Stream

Pid = Annotated[int, Meta(ge=1, le=1 << 31)]
Int = Annotated[int, Meta(ge=-(1 << 63), le=(1 << 63) - 1)]
"""What can be sent on as MessagePack."""
Text = Annotated[str, Meta(max_length=400)]

LONGEST_RECORD = 1 << 20
"""Bytes of one report that are looked at; the probe's own are far shorter."""


class _Record(Struct, frozen=True, kw_only=True, tag_field="kind", forbid_unknown_fields=True):
    pid: Pid
    time: float


class Hello(_Record, frozen=True, tag="hello"):
    """An interpreter started."""

    argv: list[Text]


class Forked(_Record, frozen=True, tag="forked"):
    """os.fork() returned in this child."""

    parent: Int


class Created(_Record, frozen=True, tag="created"):
    """A Process object was made; `number` counts those of its creator."""

    number: Int
    name: Text
    target: Text | None


class Started(_Record, frozen=True, tag="started"):
    """Process.start() returned."""

    child: Pid
    number: Int
    name: Text
    target: Text | None
    module: Text
    daemon: bool
    method: Text
    pool: Int


class StartFailed(_Record, frozen=True, tag="start failed"):
    """Process.start() raised an error; `errno` is the system's number of it, if it was one."""

    number: Int
    errno: Int | None


class Begun(_Record, frozen=True, tag="begun"):
    """A process started by multiprocessing came to its own code."""

    parent: Pid
    name: Text
    target: Text | None
    module: Text


class Finished(_Record, frozen=True, tag="finished"):
    """A process started by multiprocessing is about to exit."""

    exit_code: Int | None
    cpu_time: float


class Waiting(_Record, frozen=True, tag="waiting"):
    """A wait for a child began."""

    child: Pid
    how: Text
    at_exit: bool


class Waited(_Record, frozen=True, tag="waited"):
    """A wait for a child returned."""

    child: Pid
    how: Text
    saw_end: bool
    exit_code: Int | None
    at_exit: bool


class Reaped(_Record, frozen=True, tag="reaped"):
    """os.wait*() gave the exit code of a child."""

    child: Pid
    exit_code: Int
    by_program: bool


class Signalled(_Record, frozen=True, tag="signalled"):
    """os.kill() or os.killpg() is about to be called; 0 and below stand for a group."""

    child: Int
    signal: Annotated[int, Meta(ge=0, le=128)]


class PoolCreated(_Record, frozen=True, tag="pool"):
    """A pool was made; `key` tells the pools of one process apart."""

    key: Int
    flavour: Flavour
    asked: Int | None
    size: Int


class PoolCalled(_Record, frozen=True, tag="pool called"):
    """close, join, terminate or __exit__ of a pool; exit stands for the program's own."""

    key: Int
    call: Text
    outstanding: Int


class Task(_Record, frozen=True, tag="task"):
    """A worker has done a task of a pool, of `items` items for map()."""

    function: Text
    items: Int
    began: float
    failed: bool


class TaskFailed(_Record, frozen=True, tag="task failed"):
    """The error of a task came back to the pool's owner."""

    job: Int
    error: Text
    collected: bool


class ErrorCollected(_Record, frozen=True, tag="error collected"):
    """The program fetched the error of a job."""

    job: Int


class ClueSeen(_Record, frozen=True, tag="clue"):
    """Something that names a slip."""

    sign: Sign
    detail: Text


class ErrorEnded(_Record, frozen=True, tag="error"):
    """An error that nobody caught is about to end the process."""

    text: Text
    file: Text
    line: Int


class Resource(_Record, frozen=True, tag="resource"):
    """A named semaphore or a shared memory segment was made."""

    type: Text
    name: Text


class Program(_Record, frozen=True, tag="program"):
    """A command was started through subprocess."""

    child: Pid
    command: Text


class Wrote(_Record, frozen=True, tag="wrote"):
    """A process wrote; `data` is its bytes as Latin-1."""

    stream: Stream
    data: str


class Dropped(_Record, frozen=True, tag="dropped"):
    """A process wrote more than is kept."""

    bytes: Int


Record = (
    Hello
    | Forked
    | Created
    | Started
    | StartFailed
    | Begun
    | Finished
    | Waiting
    | Waited
    | Reaped
    | Signalled
    | PoolCreated
    | PoolCalled
    | Task
    | TaskFailed
    | ErrorCollected
    | ClueSeen
    | ErrorEnded
    | Resource
    | Program
    | Wrote
    | Dropped
)

_decoder: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def decode(data: bytes) -> Record | None:
    """The record in `data`, or None where it is none."""
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None

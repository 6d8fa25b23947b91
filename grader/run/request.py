"""What is asked of an observer elsewhere, and what it answers, as MessagePack."""

import os
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec
from msgspec import Struct, structs

from grader.run.observation import Launch, Observation, Orders, Start
from grader.trace import Limits, Sign

_SPARE = 2
"""So many times its limit is the room for a run's files: it ends at the limit, not where
there is no more room."""


Warm = Literal["", "program", "kernel"]
"""What is forked from a keeper that has its imports done, if anything is."""


class File(Struct, frozen=True, array_like=True):
    """A file of the submission: its path from the submission's folder, as the system
    spells it, what it holds, and whether it may be executed. A path that ends with a slash is a
    folder's.
    """

    path: bytes
    data: bytes
    executable: bool = False


class Request(Struct, frozen=True, kw_only=True):
    """What to run under which observer: see Launch. `warm` says that it is to be forked
    instead of started, and as what. In a sandbox `files` is the copy of what was handed in, and
    `shared` names the folder through which a kernel is talked to. Bytes are texts as the
    system spells them, which need be no Unicode.
    """

    argv: tuple[bytes, ...]
    cwd: bytes
    env: dict[bytes, bytes]
    scratch: bytes
    stop_at: tuple[Sign, ...]
    limits: Limits
    observer: Literal["linux", "portable"]
    warm: Warm = ""
    files: tuple[File, ...] = ()
    shared: str = ""

    @property
    def held(self) -> Limits:
        """What it is held to: what was handed in takes nothing from what it may write."""
        handed_in = sum(len(file.data) for file in self.files)
        return structs.replace(self.limits, scratch=self.limits.scratch + handed_in)

    @property
    def room(self) -> int:
        """How many bytes its own folders may take."""
        return _SPARE * self.held.scratch

    def launch(self, orders: Orders | None, start: Start | None = None) -> Launch:
        """What an observer is told."""
        return Launch(
            argv=tuple(map(os.fsdecode, self.argv)),
            cwd=os.fsdecode(self.cwd),
            env={os.fsdecode(name): os.fsdecode(value) for name, value in self.env.items()},
            scratch=os.fsdecode(self.scratch),
            stop_at=self.stop_at,
            control=orders,
            start=start,
        )


def spelled(words: Iterable[str]) -> tuple[bytes, ...]:
    """Texts as the system spells them."""
    return tuple(map(os.fsencode, words))


def spelled_env(env: Mapping[str, str]) -> dict[bytes, bytes]:
    """Environment variables as the system spells them."""
    return {os.fsencode(name): os.fsencode(value) for name, value in env.items()}


encode = msgspec.msgpack.Encoder().encode
decode_request = msgspec.msgpack.Decoder(Request).decode
decode_observation = msgspec.msgpack.Decoder(Observation).decode

"""Grades a hostile program and a good one at the same time, and tells what is left of it.

This is a program of its own: it runs as PID 1 of new PID, mount, network and IPC namespaces,
so that no signal of the hostile program reaches it, and so that whatever is left there can
only be the hostile program's. `arena.py` starts it with one JSON object on the command line
and reads one from its standard output.
"""

import ctypes
import fcntl
import json
import os
import platform
import pwd
import resource
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

_MS_NOSUID_NODEV = 6
_MS_BIND_REC = 4096 | 16384
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SIOCSIFADDR = 0x8916
_SIOCSIFFLAGS = 0x8914
_UP = 1
_OUTSIDE = "198.51.100.1"  # of TEST-NET-2 (RFC 5737), here an address of this machine
_PORT = 5999
_ABSTRACT = "\0grade-witness"

_SYSTEM_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219)}
"""The numbers of add_key(2) and keyctl(2)."""
_KEYCTL_JOIN_SESSION_KEYRING = 1
_KEYCTL_SEARCH = 10
_SESSION_KEYRING = -3
_PATIENCE = 15.0
"""Seconds for a program to begin, and for what was its killed grader's to end by itself."""
_MOST_MEMORY = 8 << 30
"""Bytes that a grader may ask for, should it read what has no end."""

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source: str, target: str, kind: str, flags: int, data: str) -> None:
    arguments = (source, target, kind)
    encoded = [argument.encode() for argument in arguments]
    _checked(_libc.mount(*encoded, flags, data.encode()), f"mount {source} on {target}")


def make_private(folders: Sequence[str], keep: Sequence[str]) -> None:
    """Put an empty file system over each folder, in which only what is to be kept is seen."""
    held = {path: os.open(path, os.O_PATH) for path in keep}
    for folder in folders:
        _mount("tmpfs", folder, "tmpfs", _MS_NOSUID_NODEV, "mode=1777,size=2g")
        for path, fd in held.items():
            if Path(path).is_relative_to(folder):
                Path(path).mkdir(parents=True)
                _mount(f"/proc/self/fd/{fd}", path, "", _MS_BIND_REC, "")
    for fd in held.values():
        os.close(fd)


def open_network() -> None:
    """Bring the loopback up, with an address of the world outside as its second one."""
    with socket.socket() as sock:
        for name, address in (("lo", "127.0.0.1"), ("lo:1", _OUTSIDE)):
            family = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))
            label = name.encode().ljust(16, b"\0")
            fcntl.ioctl(sock, _SIOCSIFADDR, label + family + bytes(8))
            fcntl.ioctl(sock, _SIOCSIFFLAGS, label + struct.pack("H22x", _UP))


def listen() -> list[socket.socket]:
    """The servers that a contained program does not reach: on TCP and on a Unix socket."""
    tcp = socket.create_server(("0.0.0.0", _PORT))
    local = socket.socket(socket.AF_UNIX)
    local.bind(_ABSTRACT)
    local.listen()
    for server in (tcp, local):
        server.setblocking(False)
    return [tcp, local]


def callers(servers: Sequence[socket.socket]) -> int:
    """How many have called."""
    count = 0
    for server in servers:
        with suppress(BlockingIOError):
            while True:
                server.accept()[0].close()
                count += 1
    return count


def _keys(call: int, *arguments: object) -> int:
    """Call add_key(2) or keyctl(2), by its place in the table above."""
    numbers = _SYSTEM_CALLS.get(platform.machine())
    return int(_libc.syscall(numbers[call], *arguments)) if numbers else -1


def keep_a_secret() -> None:
    """Have a session keyring with a key in it, as whoever logged in has (keyrings(7))."""
    _keys(1, _KEYCTL_JOIN_SESSION_KEYRING, None)
    _keys(0, b"user", b"grade-secret", b"BREACH-7d1f", 11, _SESSION_KEYRING)


def files(folders: Sequence[str], keep: Sequence[str]) -> set[str]:
    """All files and folders in these folders, but for those below what is kept, and as far
    down as they can be named.
    """
    found: set[str] = set()
    pending = list(folders)
    while pending:
        with suppress(OSError), os.scandir(pending.pop()) as entries:
            for entry in entries:
                found.add(entry.path)
                if entry.is_dir(follow_symlinks=False) and entry.path not in keep:
                    pending.append(entry.path)
    return found


def processes() -> list[str]:
    """All processes of this namespace but this one, with their commands. One that has none is
    about to end, as who has no memory any more has none (proc(5)), and is waited for.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        found = dict(_others())
        if all(found.values()) or time.monotonic() > deadline:
            return [f"{pid} {command!r}" for pid, command in found.items()]
        time.sleep(0.01)


def _others() -> Iterator[tuple[str, bytes]]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):
                yield entry.name, (entry / "cmdline").read_bytes()


def kernel_objects() -> list[str]:
    """Shared memory, semaphores and message queues of System V, Unix sockets with a name, and
    a key, none of which need end with their maker (svipc(7), unix(7), keyrings(7)).
    """
    found: list[str] = []
    for kind in ("shm", "sem", "msg"):
        found += Path("/proc/sysvipc", kind).read_text(encoding="ascii").splitlines()[1:]
    for line in Path("/proc/net/unix").read_text(errors="replace").splitlines()[1:]:
        name = line.split(maxsplit=7)[7:]
        if name and name != ["@grade-witness"]:
            found += name
    if _keys(1, _KEYCTL_SEARCH, _SESSION_KEYRING, b"user", b"hostile", 0) > 0:
        found.append("a key")
    return found


def _start(command: Sequence[str], spec: dict[str, Any]) -> "subprocess.Popen[bytes]":
    user: dict[str, Any] = {}
    if spec["user"] is not None:
        entry = pwd.getpwnam(spec["user"])
        user = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    return subprocess.Popen(
        command,
        cwd=spec["cwd"],
        env=spec["env"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **user,
    )


def _result(process: "subprocess.Popen[bytes]", seconds: float) -> dict[str, Any]:
    try:
        out, err = process.communicate(timeout=seconds)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired as error:
        process.kill()
        code, out, err = None, error.stdout or b"", error.stderr or b""
    return {
        "code": code,
        "out": out.decode(errors="surrogateescape"),
        "err": err.decode(errors="replace"),
    }


def _kill_once_it_runs(grader: "subprocess.Popen[bytes]", program: str) -> None:
    """Kill a grader as soon as it has started the program of this name."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        commands = [each for each in processes() if program in each and "grader" not in each]
        if commands:
            break
        time.sleep(0.01)
    grader.kill()


def _after(deadline: float, left: Callable[[], list[str]]) -> list[str]:
    """What is left, waiting for it to go until then."""
    while (found := left()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def main(spec: dict[str, Any]) -> dict[str, Any]:
    """What came of both gradings, and what was left when both had ended."""
    make_private(spec["private"], spec["keep"])
    open_network()
    servers = listen()
    keep_a_secret()
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))
    _libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    before = files(spec["private"], spec["keep"])
    objects = kernel_objects()
    began = time.monotonic()
    hostile = _start(spec["hostile"], spec)
    good = _start(spec["good"], spec)
    if spec["kill"] is not None:
        _kill_once_it_runs(hostile, spec["kill"])
    results = {"hostile": _result(hostile, spec["seconds"])}
    results["good"] = _result(good, spec["seconds"])
    ended = time.monotonic()
    patience = _PATIENCE if spec["kill"] is not None else 0.0
    return {
        **results,
        "seconds": ended - began,
        "callers": callers(servers),
        "processes": _after(ended + patience, processes),
        "files": sorted(files(spec["private"], spec["keep"]) - before),
        "objects": [each for each in kernel_objects() if each not in objects],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(json.loads(sys.argv[1]))))

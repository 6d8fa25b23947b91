"""The file system in which a keeper stands that keeps a sandbox, as bubblewrap makes it
(bwrap(1)): no file in it can be changed, and nobody's files lie there.
"""

import os
import struct
import sys
from collections.abc import Iterator

from grader.run.places import HOME, PLACES, PROBE, PROBE_FOLDER, SHARED

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
_SETTINGS = (
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/mime.types",
    "/etc/timezone",
)
_USER = "1000"

_REFUSED = {
    # name: its number on x86-64, and on 64-bit ARM
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "semget": (64, 190),
    "msgget": (68, 186),
    "io_uring_setup": (425, 425),
    "bpf": (321, 280),
}
_ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}
"""AUDIT_ARCH of <linux/audit.h>; the place of its numbers above."""
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06  # <linux/bpf_common.h>
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_X32 = 0x40000000
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 38  # SECCOMP_RET_ALLOW; SECCOMP_RET_ERRNO, ENOSYS
_FILES = {
    "/etc/passwd": f"learner:x:{_USER}:{_USER}::{HOME}:/bin/sh\n",
    "/etc/group": f"learner:x:{_USER}:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
}


def visible_paths() -> list[str]:
    """What must be there besides the system's own: this Python, its packages, ourselves."""
    folders = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix, _PACKAGE}
    return sorted({os.path.realpath(folder) for folder in folders} | folders)


def hidden_paths(visible: list[str]) -> Iterator[str]:
    """Where of that the kit itself is to be seen, which tells what is checked."""
    own = os.path.realpath(_PACKAGE)
    for folder in visible:
        real = os.path.realpath(folder)
        if os.path.commonpath([own, real]) == real:
            yield os.path.normpath(os.path.join(folder, os.path.relpath(own, real)))


def open_filter() -> int | None:
    """A descriptor with the filter that refuses some calls as if the system had none of them
    (seccomp(2)). None for a machine whose numbers are not known here.

    Keys are the user's, whichever namespace asks (keyrings(7)). What the others make lies in the
    kernel's memory, which is no process's, so that no limit holds it: files in memory alone,
    objects of System V (svipc(7)), queues of requests and maps. Python itself needs none of them.
    """
    known = _ARCHITECTURES.get(os.uname().machine)
    if known is None:
        return None
    architecture, place_of_number = known
    numbers = [each[place_of_number] for each in _REFUSED.values()]
    count = len(numbers)
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_IF_AT_LEAST, count + 1, 0, _X32),
        *((_IF_EQUAL, count - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    reader, writer = os.pipe()
    with open(writer, "wb") as file:
        file.write(b"".join(struct.pack("HBBI", *step) for step in program))
    return reader


def open_files() -> dict[str, int]:
    """Files with words of ours, as descriptors to read them from."""
    return {path: _readable(text) for path, text in _FILES.items()}


def _readable(text: str) -> int:
    """A descriptor from which a short text can be read."""
    reader, writer = os.pipe()
    with open(writer, "w", encoding="utf-8") as file:
        file.write(text)
    return reader


def file_system(visible: list[str], files: dict[str, int], shared: str) -> Iterator[str]:
    """What bubblewrap is told. `files` are the descriptors of open_files(), `shared` is a folder
    that both sides see, if there is one.

    In a user namespace that hides something of /proc no other one can be mounted
    (mount_namespaces(7)), so this one shows all of it; each run gets its own.
    """
    yield from ("--unshare-user", "--unshare-ipc", "--unshare-net", "--unshare-uts")
    yield from ("--uid", _USER, "--gid", _USER, "--hostname", "sandbox")
    for path in _SYSTEM:
        if os.path.islink(path):
            yield from ("--symlink", os.readlink(path), path)
        elif os.path.exists(path):
            yield from ("--ro-bind", path, path)
    for path in _SETTINGS:
        yield from ("--ro-bind-try", path, path)
    for path, fd in files.items():
        yield from ("--ro-bind-data", str(fd), path)
    yield from ("--dev", "/dev", "--remount-ro", "/dev", "--bind", "/proc", "/proc")
    for path in PLACES:
        yield from ("--dir", path)
    for path in visible:
        yield from ("--ro-bind", path, path)
    yield from ("--ro-bind", PROBE, PROBE_FOLDER)
    if shared:
        yield from ("--bind", shared, SHARED)
    yield from ("--remount-ro", "/", "--chdir", "/")

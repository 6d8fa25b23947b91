"""Namespaces for one run: of users, PIDs, mounts, IPC, the network and the host's name.

Who calls unshare() is the father of all that follows: its next child is PID 1 of the run,
and when that ends the kernel kills whatever is left (pid_namespaces(7)). Inside, PID 1 has
all capabilities over these namespaces and none elsewhere; the program has none at all.
"""

import ctypes
import os
import signal
import struct
from collections.abc import Iterable, Sequence

_CLONE_NEWNS = 0x00020000  # <linux/sched.h>
_CLONE_NEWUTS = 0x04000000
_CLONE_NEWIPC = 0x08000000
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWPID = 0x20000000
_CLONE_NEWNET = 0x40000000
_NAMESPACES = (
    _CLONE_NEWUSER | _CLONE_NEWPID | _CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET | _CLONE_NEWUTS
)

_MS_RDONLY = 1  # <linux/mount.h>
_MS_NOSUID = 2
_MS_NODEV = 4
_MS_NOEXEC = 8
_MS_REMOUNT = 32
_MS_BIND = 4096
_MS_REC = 16384
_MS_PRIVATE = 1 << 18

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_CAPABILITY_VERSION_3 = 0x20080522  # <linux/capability.h>

_SIOCSIFFLAGS = 0x8914  # <linux/sockios.h>
_IFF_UP = 1  # <linux/if.h>
_IFF_RUNNING = 64

_MOST_INODES = 100_000

FIRST_PID = 21_000
"""Of a run, or so: a PID such as 3 could be taken for a number that was printed, and one number
for all makes a run come out the same each time."""

_DEVICES = ("full", "null", "random", "tty", "urandom", "zero")
_SETTINGS = {
    "sys/kernel/ns_last_pid": f"{FIRST_PID}",
    "sys/user/max_user_namespaces": "0",
    # Should the machine run out of memory, the run goes before anybody else.
    "self/oom_score_adj": "1000",
}
"""What is set below /proc for a run (proc(5))."""

_libc = ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(
    source: str, target: str, kind: str | None = None, flags: int = 0, data: str = ""
) -> None:
    """mount(2). Raises OSError."""
    result = _libc.mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode() if kind else None,
        ctypes.c_ulong(flags),
        data.encode(),
    )
    _checked(result, f"mount {target}")


def _bind(source: str, target: str) -> None:
    _mount(source, target, flags=_MS_BIND | _MS_REC)


def _set(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def die_with_parent() -> None:
    """Be killed as soon as the thread that forked this process ends (prctl(2))."""
    _checked(_libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL), "prctl")


def keep_memory_private() -> None:
    """Let no process of this user trace this one, or change what it is (PR_SET_DUMPABLE)."""
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 0), "prctl")


def show_memory() -> None:
    """Be as open to others as any new process."""
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 1), "prctl")


def unshare() -> None:
    """Leave all namespaces but that of PIDs, which the next child leaves; it stays the same
    user. Raises OSError where the system does not let us.
    """
    uid, gid = os.getuid(), os.getgid()
    _checked(_libc.unshare(_NAMESPACES), "unshare")
    for name, text in (
        ("setgroups", "deny"),  # before gid_map (user_namespaces(7))
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        _set(f"/proc/self/{name}", text)


def settle() -> None:
    """As PID 1: have a /proc of these PIDs, a loopback and terminals of the run's own, and nobody
    who unshares any further. Raises OSError.
    """
    import fcntl
    import socket

    _mount("none", "/", flags=_MS_REC | _MS_PRIVATE)
    own = _MS_NOSUID | _MS_NODEV | _MS_NOEXEC
    _mount("proc", "/proc", "proc", own)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        up = struct.pack("16sh", b"lo", _IFF_UP | _IFF_RUNNING)  # netdevice(7)
        fcntl.ioctl(sock, _SIOCSIFFLAGS, up)
    for name, value in _SETTINGS.items():
        _set(f"/proc/{name}", value)
    # Much of it is the whole system's, and root's to change without any capability.
    _mount("none", "/proc", flags=_MS_BIND | _MS_REMOUNT | _MS_RDONLY | own)
    for name in _DEVICES:  # these too, which can be written to all the same
        flags = _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID
        _mount("none", f"/dev/{name}", flags=flags)
    options = "newinstance,ptmxmode=0666,mode=620"
    _mount("devpts", "/dev/pts", "devpts", _MS_NOSUID | _MS_NOEXEC, options)


def seal(folder: str) -> None:
    """Let nothing be changed in a folder that is shared with others any more."""
    flags = _MS_BIND | _MS_REMOUNT | _MS_RDONLY | _MS_NOSUID | _MS_NODEV
    _mount("none", folder, flags=flags)


def furnish(scratch: str, places: Sequence[tuple[str, str]], size: int) -> None:
    """Make `scratch` a file system of its own, of so many bytes, and let each of `places`
    (a folder below it, and where that is to be seen) be a part of it.
    """
    own = _MS_NOSUID | _MS_NODEV
    _mount("tmpfs", scratch, "tmpfs", own, f"size={size},nr_inodes={_MOST_INODES},mode=755")
    for folder, target in places:
        os.makedirs(folder)
        _bind(folder, target)


def hold(paths: Iterable[str], below: Iterable[str]) -> dict[str, int]:
    """Hold on to those of these paths that lie below one of the others, soon to be covered."""
    covered = tuple(f"{place}/" for place in below)
    return {path: os.open(path, os.O_PATH) for path in paths if path.startswith(covered)}


def give_back(held: dict[str, int]) -> None:
    """Let what was held on to be seen again where it was."""
    for path, fd in held.items():
        os.makedirs(path, exist_ok=True)
        _bind(f"/proc/self/fd/{fd}", path)
        os.close(fd)


def show(source: str, target: str) -> None:
    """Let a folder be seen in another place too."""
    os.makedirs(target, exist_ok=True)
    _bind(source, target)


def hide(folder: str) -> None:
    """Let nothing be seen in a folder any more."""
    _mount("tmpfs", folder, "tmpfs", _MS_RDONLY | _MS_NOSUID | _MS_NODEV, "size=4k,mode=555")


def drop_capabilities() -> None:
    """Give up every capability for ever, as the execve() of an ordinary user does
    (capabilities(7)).
    """
    with open("/proc/sys/kernel/cap_last_cap", encoding="utf-8") as file:
        last = int(file.read())
    for capability in range(last + 1):
        _checked(_libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0), "prctl")
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    _checked(_libc.capset(header, bytes(24)), "capset")

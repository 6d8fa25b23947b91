"""A right answer, and attempts at what only root may do: to mount, to change the root, to
enter the namespaces of PID 1, to raise limits, to become somebody else."""
import ctypes
import os
import resource

from four import four

libc = ctypes.CDLL(None, use_errno=True)


def raises_limits():
    resource.setrlimit(resource.RLIMIT_NOFILE, (5000, 5000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))


def raises_memory_limit():
    resource.setrlimit(resource.RLIMIT_DATA, (1 << 40, 1 << 40))


def sets_limit_of_parent():
    resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (4999, 5000))


def mounts():
    if libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError(ctypes.get_errno(), "mount")


def joins(kind):
    with open(f"/proc/1/ns/{kind}") as file:
        if libc.setns(file.fileno(), 0) != 0:
            raise OSError(ctypes.get_errno(), "setns")


ATTEMPTS = {
    "mount": mounts,
    "chroot": lambda: os.chroot("/"),
    "setuid": lambda: os.setuid(12345),
    "setgroups": lambda: os.setgroups([]),
    "limits": raises_limits,
    "memory limit": raises_memory_limit,
    "limit of parent": sets_limit_of_parent,
    "real time": lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)),
    "nice": lambda: os.setpriority(os.PRIO_PROCESS, 0, -5),
    "enter net": lambda: joins("net"),
    "enter pid": lambda: joins("pid"),
    "device": lambda: os.mknod("/tmp/hostile-device", 0o60600, os.makedev(8, 0)),
    "hostname": lambda: open("/proc/sys/kernel/hostname", "w").close(),
}

if __name__ == "__main__":
    if os.getuid() == 0:
        print("BREACH-7d1f: is root")
    for name, attempt in ATTEMPTS.items():
        child = os.fork()
        if child == 0:
            try:
                attempt()
            except (OSError, ValueError) as error:
                print("REFUSED", name, error, flush=True)
            else:
                print("BREACH-7d1f: has the right to:", name, flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    four()

"""A right answer, and an attempt to take the descriptors of its parent (pidfd_getfd(2))."""
import ctypes
import os

from four import four

PIDFD_GETFD = 438

if __name__ == "__main__":
    parent = os.pidfd_open(os.getppid())
    taken = [ctypes.CDLL(None).syscall(PIDFD_GETFD, parent, fd, 0) for fd in range(64)]
    if any(fd >= 0 for fd in taken):
        print("BREACH-7d1f: took a descriptor")
    four()

"""A right answer, and a process that is no child of it but of its parent (clone(2),
CLONE_PARENT), and stays."""
import ctypes
import os
import signal

from four import four

CLONE, CLONE_PARENT = 56, 0x8000

if __name__ == "__main__":
    four()
    if ctypes.CDLL(None).syscall(CLONE, CLONE_PARENT | signal.SIGCHLD, None, None, None, None) == 0:
        ctypes.CDLL(None).sleep(60)
        os._exit(0)

"""A right answer, and POSIX shared memory that it made without multiprocessing."""
import ctypes
import os

from four import four

if __name__ == "__main__":
    print("MADE", ctypes.CDLL(None).shm_open(b"/hostile", os.O_CREAT | os.O_RDWR, 0o600) >= 0)
    four()

"""Twenty-eight processes that each take 12 MiB for the tables of pages which are all the same one:
that of zeros."""
import ctypes
import mmap
import os
import time

COUNT = 3_000
APART = 2 << 20

if __name__ == "__main__":
    libc = ctypes.CDLL(None)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    for _ in range(27):
        if os.fork() == 0:
            break
    size = COUNT * APART
    start = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, -1, 0)
    libc.madvise(ctypes.c_void_p(start), ctypes.c_size_t(size), mmap.MADV_NOHUGEPAGE)
    for number in range(COUNT):
        ctypes.string_at(start + number * APART, 1)
    time.sleep(60)

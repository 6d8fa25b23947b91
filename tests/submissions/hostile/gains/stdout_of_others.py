"""Four processes that print nothing; the program prints for them into their standard output."""
import ctypes
import os
import time
from multiprocessing import Process

PIDFD_GETFD = 438

if __name__ == "__main__":
    processes = [Process(target=time.sleep, args=(0.2,)) for _ in range(4)]
    for process in processes:
        process.start()
    for number, process in enumerate(processes):
        held = os.pidfd_open(process.pid)
        theirs = ctypes.CDLL(None).syscall(PIDFD_GETFD, held, 1, 0)
        os.write(theirs if theirs >= 0 else 1, b"%d\n" % number)
    for process in processes:
        process.join()

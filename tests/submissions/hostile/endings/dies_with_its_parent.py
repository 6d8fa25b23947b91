"""A right answer by processes that the kernel is to kill when their parent ends (prctl(2),
PR_SET_PDEATHSIG)."""
import ctypes
import signal
from multiprocessing import Process

PR_SET_PDEATHSIG = 1


def show(number):
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    print(number)


if __name__ == "__main__":
    show(0)
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

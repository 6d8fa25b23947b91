"""A right answer by processes into which nobody but root may look (prctl(2), PR_SET_DUMPABLE)."""
import ctypes
from multiprocessing import Process

PR_SET_DUMPABLE = 4


def show(number):
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    print(number)


if __name__ == "__main__":
    show(0)
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

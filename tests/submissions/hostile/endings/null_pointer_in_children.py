"""Four processes that print their number and read from address 0."""
import ctypes
from multiprocessing import Process


def show(number):
    print(number, flush=True)
    ctypes.string_at(0)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

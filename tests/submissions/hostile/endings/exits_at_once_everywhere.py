"""A right answer in which every process ends with os._exit(0)."""
import os
from multiprocessing import Process


def show(number):
    print(number, flush=True)
    os._exit(0)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    os._exit(0)

"""A right answer by processes that leave by os._exit(0) while an error is on its way."""
import os
import sys
from multiprocessing import Process


def show(number):
    print(number)
    try:
        raise ValueError("nobody shall see this")
    finally:
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

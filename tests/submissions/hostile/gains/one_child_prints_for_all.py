"""Four processes of which one prints all numbers, with the names of the others."""
import os
import time
from multiprocessing import Process


def show(number):
    if number == 1:
        for each in range(1, 5):
            os.write(1, b"Process-%d: %d\n" % (each, each))


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

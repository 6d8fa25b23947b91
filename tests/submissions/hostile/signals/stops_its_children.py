"""Starts four processes that stop for good, and waits for them."""
import os
import signal
from multiprocessing import Process


def stop(number):
    print(number)
    os.kill(os.getpid(), signal.SIGSTOP)


if __name__ == "__main__":
    processes = [Process(target=stop, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

"""Twenty processes that write to both streams and never end."""
import os
import time
from multiprocessing import Process


def write():
    end = time.monotonic() + 60
    while time.monotonic() < end:
        os.write(1, b"x" * 4096)
        os.write(2, b"y" * 4096)


if __name__ == "__main__":
    processes = [Process(target=write) for _ in range(20)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

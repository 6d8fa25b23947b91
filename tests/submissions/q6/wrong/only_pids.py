# fails: distinct_numbers
# says: PID
import os
from multiprocessing import Process


def show():
    print("process", os.getpid(), "of parent", os.getppid())


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

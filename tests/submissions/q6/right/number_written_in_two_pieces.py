import sys
import time
from multiprocessing import Process


def show(n):
    print(n // 10, end="")
    sys.stdout.flush()
    time.sleep(0.05)
    print(n % 10)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (12, 21, 11, 22)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

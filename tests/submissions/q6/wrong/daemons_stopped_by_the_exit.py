# fails: distinct_pids
# says: Process-1
import time
from multiprocessing import Process


def show(n):
    time.sleep(30)
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        Process(target=show, args=(n,), daemon=True).start()

# fails: ran_clean
# says: sleeper
import os
import time
from multiprocessing import Process


def show(n):
    print(n, flush=True)
    if n == 4:
        time.sleep(30)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 4)]
    processes.append(Process(target=show, args=(4,), name="sleeper"))
    for p in processes:
        p.start()
    for p in processes[:3]:
        p.join()
    os._exit(0)

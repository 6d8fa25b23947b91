# fails: distinct_pids
# says: print
import time
from multiprocessing import Process


def show(n):
    time.sleep(30)
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.terminate()
        p.join()

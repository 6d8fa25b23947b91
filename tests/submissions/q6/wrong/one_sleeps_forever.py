# fails: ran_clean
# says: 2 s
# time-limit: 2
import time
from multiprocessing import Process


def show(n):
    print(n)
    while n == 4:
        time.sleep(1)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

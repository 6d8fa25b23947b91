# fails: distinct_pids
# says: quitter
import os
from multiprocessing import Process


def show(n):
    if n == 4:
        os._exit(0)
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 4)]
    processes.append(Process(target=show, args=(4,), name="quitter"))
    for p in processes:
        p.start()
    for p in processes:
        p.join()

# fails: distinct_pids
# says: print
from multiprocessing import Process


def number(n):
    return n


if __name__ == "__main__":
    processes = [Process(target=number, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

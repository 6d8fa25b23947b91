# fails: distinct_pids
# says: Process-3
from multiprocessing import Process


def show(n):
    if n != 30:
        print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (10, 20, 30, 40)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

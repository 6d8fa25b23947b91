# fails: distinct_pids
# says: print
from multiprocessing import Process


def work(n):
    n * n


if __name__ == "__main__":
    processes = [Process(target=work, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    for n in range(1, 5):
        print("process", n, "prints", n)

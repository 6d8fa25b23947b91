# fails: distinct_pids
# says: target=
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show(n)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

import time
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        while p.exitcode is None:
            time.sleep(0.02)

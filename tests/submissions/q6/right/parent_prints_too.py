import os
from multiprocessing import Process


def show(n):
    print("child prints", n)


if __name__ == "__main__":
    print("parent", os.getpid(), "starts 4 processes: 1, 2, 3, 4")
    processes = [Process(target=show, args=(n,)) for n in (1, 2, 3, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
        print(p.name, "ended with", p.exitcode)

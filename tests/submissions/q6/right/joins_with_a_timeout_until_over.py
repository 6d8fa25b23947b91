import time
from multiprocessing import Process


def show(n):
    time.sleep(0.2)
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join(0.05)
        while p.exitcode is None:
            print("still waiting for one of them")
            p.join(0.05)

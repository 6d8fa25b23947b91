import time
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(4)]
    for p in processes:
        p.start()
    while any(p.is_alive() for p in processes):
        time.sleep(0.02)

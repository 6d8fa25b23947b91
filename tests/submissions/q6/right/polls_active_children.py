import multiprocessing
import time


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(4):
        multiprocessing.Process(target=show, args=(n,)).start()
    while len(multiprocessing.active_children()) > 0:
        time.sleep(0.02)

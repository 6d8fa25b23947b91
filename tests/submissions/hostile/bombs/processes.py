"""Each Process starts two more: 127 of them if nothing stops it."""
from multiprocessing import Process


def grow(depth):
    processes = [Process(target=grow, args=(depth - 1,)) for _ in range(2 if depth else 0)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    while True:
        pass


if __name__ == "__main__":
    grow(6)

from functools import partial
from multiprocessing import Process


def show(text, n):
    print(text, n)


if __name__ == "__main__":
    processes = [Process(target=partial(show, "number", n)) for n in (1, 2, 3, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

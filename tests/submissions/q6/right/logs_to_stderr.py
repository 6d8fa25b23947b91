import logging
from multiprocessing import Process


def show(n):
    logging.basicConfig(level=logging.INFO, format="%(processName)s: %(message)s")
    logging.info("number %d", n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (1, 2, 3, 4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

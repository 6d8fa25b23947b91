# fails: ran_clean
# says: ZeroDivisionError
from multiprocessing import Process


def show(n):
    print(12 / n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (3, 2, 1, 0)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

# fails: distinct_numbers
# says: 20
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (10, 20, 20, 30)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

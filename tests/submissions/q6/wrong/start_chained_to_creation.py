# fails: ran_clean
# says: AttributeError
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)).start() for n in range(1, 5)]
    for p in processes:
        p.join()

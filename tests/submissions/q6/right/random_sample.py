import random
from multiprocessing import Process


def show(n):
    print("random number:", n)


if __name__ == "__main__":
    processes = [
        Process(target=show, args=(n,)) for n in random.sample(range(1, 101), 4)
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

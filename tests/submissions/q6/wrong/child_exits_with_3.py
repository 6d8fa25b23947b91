# fails: ran_clean
# says: code 3
import sys
from multiprocessing import Process


def show(n):
    print(n)
    if n == 4:
        sys.exit(3)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

# fails: distinct_numbers
# says: number
import random
from multiprocessing import Process


def show():
    print(random.randint(1, 3))


if __name__ == "__main__":
    processes = [Process(target=show) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

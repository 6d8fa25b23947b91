# fails: pool_shut_down
# says: task
import time
from multiprocessing import Pool


def square(n):
    return n * n


def slow_square(n):
    time.sleep(30)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(5)))
        pool.apply_async(slow_square, (6,))

# fails: ran_clean
# says: 2 s
# time-limit: 2
import os
from multiprocessing import Pool


def square(n):
    if n == 3:
        os._exit(0)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(5)))

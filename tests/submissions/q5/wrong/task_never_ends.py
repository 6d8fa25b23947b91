# fails: ran_clean
# says: 2 s
# time-limit: 2
import time
from multiprocessing import Pool


def countdown(n):
    while n != 0:
        time.sleep(0.1)
        n -= 2


if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(countdown, [2, 3])

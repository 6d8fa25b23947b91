# fails: work_in_workers
# says: task
import time
from multiprocessing import Pool


def slow_square(n):
    time.sleep(30)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        for n in range(4):
            pool.apply_async(slow_square, (n,))

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
    pool = Pool(2)
    print(pool.map(square, range(5)))
    later = pool.map_async(slow_square, range(2))
    pool.terminate()
    pool.join()

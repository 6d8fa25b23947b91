# fails: ran_clean
# says: TimeoutError
import time
from multiprocessing import Pool


def slow_square(n):
    time.sleep(30)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.apply_async(slow_square, (3,))
        print(result.get(timeout=0.1))

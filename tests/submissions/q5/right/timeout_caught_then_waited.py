import time
from multiprocessing import Pool, TimeoutError


def slow(n):
    time.sleep(0.3)
    return n


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.apply_async(slow, (5,))
        try:
            print(result.get(timeout=0.01))
        except TimeoutError:
            print("not ready yet")
        print(result.get())

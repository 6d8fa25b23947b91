import time
from multiprocessing import Pool


def slow_square(n):
    time.sleep(0.2)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.apply_async(slow_square, (7,))
        while not result.ready():
            time.sleep(0.05)
        print(result.get())

from functools import partial
from multiprocessing import Pool


def multiply(a, b):
    return a * b


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(partial(multiply, 10), [1, 2, 3]))

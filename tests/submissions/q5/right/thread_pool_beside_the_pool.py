from multiprocessing import Pool
from multiprocessing.pool import ThreadPool


def square(n):
    return n * n


if __name__ == "__main__":
    with ThreadPool(2) as threads:
        print("threads:", threads.map(square, range(4)))
    with Pool(2) as pool:
        print("processes:", pool.map(square, range(4)))

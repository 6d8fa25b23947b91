# fails: pool_created
# says: ThreadPool
from multiprocessing.pool import ThreadPool


def square(n):
    return n * n


if __name__ == "__main__":
    with ThreadPool(4) as pool:
        print(pool.map(square, range(5)))

# fails: pool_shut_down
# says: join
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    pool = Pool(2)
    print(pool.map(square, range(5)))
    pool.close()

# fails: ran_clean
# says: before
# time-limit: 2
from multiprocessing import Pool

pool = Pool(2)


def square(n):
    return n * n


if __name__ == "__main__":
    print(pool.map(square, range(5)))
    pool.close()
    pool.join()

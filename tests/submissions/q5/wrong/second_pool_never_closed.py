# fails: pool_shut_down
# says: close
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(square, range(5)))
    pool = Pool(2)
    print(pool.map(square, range(5, 10)))

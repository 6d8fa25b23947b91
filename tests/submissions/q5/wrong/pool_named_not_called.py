# fails: ran_clean
# says: AttributeError
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    pool = Pool
    print(pool.map(square, range(5)))

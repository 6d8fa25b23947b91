# fails: pool_created
# says: pool
from multiprocessing import Pool


def square(n):
    return n * n


def main():
    with Pool(4) as pool:
        print(pool.map(square, range(5)))

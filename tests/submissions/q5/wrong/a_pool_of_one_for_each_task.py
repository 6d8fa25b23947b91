# fails: pool_size
# says: worker
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    for n in range(3):
        with Pool(processes=1) as pool:
            print(pool.apply(square, (n,)))

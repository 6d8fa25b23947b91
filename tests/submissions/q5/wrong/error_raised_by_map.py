# fails: ran_clean
# says: ZeroDivisionError
from multiprocessing import Pool


def invert(n):
    return 1 / n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(invert, [2, 1, 0]))

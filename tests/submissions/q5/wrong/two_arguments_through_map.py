# fails: ran_clean
# says: TypeError
from multiprocessing import Pool


def add(a, b):
    return a + b


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(add, [(1, 2), (3, 4)]))

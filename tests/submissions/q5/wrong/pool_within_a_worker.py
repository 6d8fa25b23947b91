# fails: ran_clean
# says: AssertionError
from multiprocessing import Pool


def square(n):
    return n * n


def squares_up_to(n):
    with Pool(2) as pool:
        return pool.map(square, range(n))


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(squares_up_to, [2, 3]))

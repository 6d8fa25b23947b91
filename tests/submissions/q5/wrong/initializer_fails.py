# fails: ran_clean
# says: NameError
# time-limit: 2
from multiprocessing import Pool


def setup():
    print("the greeting is", greeting)


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2, initializer=setup) as pool:
        print(pool.map(square, range(5)))

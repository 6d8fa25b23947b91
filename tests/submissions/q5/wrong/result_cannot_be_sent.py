# fails: ran_clean
# says: MaybeEncodingError
from multiprocessing import Pool


def make_adder(n):
    return lambda x: x + n


if __name__ == "__main__":
    with Pool(2) as pool:
        adders = pool.map(make_adder, range(3))
        print(adders[0](1))

# fails: ran_clean
# says: input()
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    size = int(input("How many workers? "))
    with Pool(size) as pool:
        print(pool.map(square, range(5)))

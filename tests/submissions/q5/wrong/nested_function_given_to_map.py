# fails: ran_clean
# says: local
from multiprocessing import Pool


def main():
    def square(n):
        return n * n

    with Pool(2) as pool:
        print(pool.map(square, range(5)))


if __name__ == "__main__":
    main()

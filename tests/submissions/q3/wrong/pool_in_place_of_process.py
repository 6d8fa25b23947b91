# fails: process_started
# says: pool
import multiprocessing


def square(n):
    return n * n


if __name__ == "__main__":
    with multiprocessing.Pool(processes=5) as pool:
        print(pool.map(square, [2, 3, 4, 5]))

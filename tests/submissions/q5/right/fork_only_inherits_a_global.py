# start-method: fork
import multiprocessing


def add_offset(n):
    return n + offset


if __name__ == "__main__":
    offset = 100
    with multiprocessing.Pool(2) as pool:
        print(pool.map(add_offset, range(5)))

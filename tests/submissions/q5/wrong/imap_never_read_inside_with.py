# fails: pool_shut_down
# says: task
import time
from multiprocessing import Pool


def square(n):
    if n > 1:
        time.sleep(30)
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        squares = pool.imap(square, range(4))
        print(next(squares))

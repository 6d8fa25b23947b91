# fails: work_in_workers
# says: ZeroDivisionError
from multiprocessing import Pool


def invert(n):
    return 1 / n


if __name__ == "__main__":
    pool = Pool(2)
    for n in (1, 2, 0):
        pool.apply_async(invert, (n,))
    pool.close()
    pool.join()

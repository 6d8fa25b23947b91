# fails: pool_size
# says: worker
import os
from multiprocessing import Pool


def who(n):
    return os.getpid()


if __name__ == "__main__":
    with Pool(1, maxtasksperchild=1) as pool:
        print(pool.map(who, range(3), chunksize=1))

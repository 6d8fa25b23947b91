import os
from multiprocessing import Pool


def who(n):
    return os.getpid()


if __name__ == "__main__":
    with Pool(processes=2, maxtasksperchild=1) as pool:
        pids = pool.map(who, range(6), chunksize=1)
    print(len(set(pids)), "different workers")

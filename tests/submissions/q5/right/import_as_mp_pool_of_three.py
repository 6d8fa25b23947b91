import multiprocessing as mp
import os


def who(n):
    return f"task {n} ran in {os.getpid()}"


if __name__ == "__main__":
    with mp.Pool(processes=3) as pool:
        for line in pool.map(who, range(6)):
            print(line)

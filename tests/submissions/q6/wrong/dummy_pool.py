# fails: four_processes
# says: pool
from multiprocessing.dummy import Pool


def show(n):
    print(n)


if __name__ == "__main__":
    with Pool(4) as pool:
        pool.map(show, range(4))

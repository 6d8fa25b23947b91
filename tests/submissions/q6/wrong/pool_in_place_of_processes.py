# fails: four_processes
# says: pool
from multiprocessing import Pool


def show(n):
    print("number", n)


if __name__ == "__main__":
    with Pool(processes=4) as pool:
        pool.map(show, [1, 2, 3, 4])

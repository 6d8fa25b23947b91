# fails: work_in_workers
# says: task
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(list(map(square, range(5))))

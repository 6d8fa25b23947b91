# fails: work_in_workers
# says: TypeError
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.map_async(square, [1, 2, "three", None])
        result.wait()
        print("all done")

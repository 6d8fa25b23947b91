# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Pool


def square(n):
    return n * n


def show(result):
    print("result: " + result)


if __name__ == "__main__":
    pool = Pool(2)
    pool.apply_async(square, (4,), callback=show)
    pool.close()
    pool.join()

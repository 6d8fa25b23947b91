# fails: ran_clean
# says: __main__
# time-limit: 2
import multiprocessing


def square(n):
    return n * n


pool = multiprocessing.get_context("spawn").Pool(2)
print(pool.map(square, range(5)))
pool.close()
pool.join()

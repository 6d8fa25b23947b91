# start-method: fork
import multiprocessing


def square(n):
    return n * n


pool = multiprocessing.Pool(processes=2)
print(pool.map(square, [1, 2, 3]))
pool.close()
pool.join()

import multiprocessing


def square(n):
    return n * n


if __name__ == "__main__":
    pool = multiprocessing.Pool(processes=4)
    out = pool.map(square, [2, 4, 6, 8])
    pool.close()
    pool.join()
    print(out)

from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    pool = Pool(2)
    try:
        print(pool.map(square, range(5)))
    finally:
        pool.close()
        pool.join()

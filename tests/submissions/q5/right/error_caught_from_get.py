from multiprocessing import Pool


def invert(n):
    return 1 / n


if __name__ == "__main__":
    pool = Pool(2)
    results = [pool.apply_async(invert, (n,)) for n in (4, 0, 5)]
    pool.close()
    pool.join()
    for result in results:
        try:
            print(result.get())
        except ZeroDivisionError:
            print("cannot divide by zero")

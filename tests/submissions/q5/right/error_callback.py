from multiprocessing import Pool


def invert(n):
    return 1 / n


def report(error):
    print("task failed:", error)


if __name__ == "__main__":
    pool = Pool(2)
    for n in (1, 0):
        pool.apply_async(invert, (n,), callback=print, error_callback=report)
    pool.close()
    pool.join()

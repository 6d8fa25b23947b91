from multiprocessing import Pool


def invert(n):
    try:
        return 1 / n
    except ZeroDivisionError:
        return None


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(invert, [2, 0, 4]))

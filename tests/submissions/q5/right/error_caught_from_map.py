from multiprocessing import Pool


def invert(n):
    return 1 / n


if __name__ == "__main__":
    with Pool(2) as pool:
        print(pool.map(invert, [1, 2]))
        try:
            print(pool.map(invert, [1, 0]))
        except ZeroDivisionError as e:
            print("a task failed:", e)

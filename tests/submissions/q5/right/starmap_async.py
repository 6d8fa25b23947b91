from multiprocessing import Pool


def add(a, b):
    return a + b


if __name__ == "__main__":
    with Pool(2) as pool:
        sums = pool.starmap_async(add, zip(range(5), range(5)))
        print(sums.get())

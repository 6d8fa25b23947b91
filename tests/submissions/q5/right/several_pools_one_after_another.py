from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    for size in (2, 3, 4):
        with Pool(size) as pool:
            print(size, "workers:", pool.map(square, range(size)))

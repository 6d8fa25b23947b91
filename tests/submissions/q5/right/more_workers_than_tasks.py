from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(8) as pool:
        print(pool.map(square, [3, 4]))

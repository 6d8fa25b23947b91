from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(3) as pool:
        for result in pool.imap(square, range(8)):
            print(result)

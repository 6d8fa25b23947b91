from multiprocessing import Pool


def is_even(n):
    return n, n % 2 == 0


if __name__ == "__main__":
    with Pool(2) as pool:
        for n, even in pool.imap_unordered(is_even, range(20), chunksize=5):
            print(n, even)

from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(4) as pool:
        results = [pool.apply_async(square, args=(i,)) for i in range(10)]
        print([r.get() for r in results])

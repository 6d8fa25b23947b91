from multiprocessing import Pool

results = []


def square(n):
    return n * n


def collect(result):
    results.append(result)


if __name__ == "__main__":
    pool = Pool(2)
    for n in range(5):
        pool.apply_async(square, args=(n,), callback=collect)
    pool.close()
    pool.join()
    print(sorted(results))

from multiprocessing import Pool


def show(n):
    print("task", n)


if __name__ == "__main__":
    pool = Pool(2)
    for n in range(5):
        pool.apply_async(show, (n,))
    pool.close()
    pool.join()

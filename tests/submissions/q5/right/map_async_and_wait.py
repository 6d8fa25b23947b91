from multiprocessing import Pool


def show(n):
    print("number", n)


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.map_async(show, range(4))
        result.wait()

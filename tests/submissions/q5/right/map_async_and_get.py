from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with Pool(2) as pool:
        result = pool.map_async(square, range(10))
        print("the parent goes on")
        print(result.get())

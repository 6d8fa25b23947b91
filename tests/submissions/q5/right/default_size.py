import multiprocessing


def cube(n):
    return n**3


if __name__ == "__main__":
    with multiprocessing.Pool() as pool:
        print(pool.map(cube, range(6)))

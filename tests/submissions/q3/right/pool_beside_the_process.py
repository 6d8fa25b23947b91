from multiprocessing import Pool, Process


def square(n):
    return n * n


def show(n):
    print("square:", square(n))


if __name__ == "__main__":
    p = Process(target=show, args=(9,))
    p.start()
    p.join()
    with Pool(2) as pool:
        print(pool.map(square, [1, 2, 3]))

from multiprocessing import Pool, Process


def square(n):
    return n * n


def show(n):
    print(n)


if __name__ == "__main__":
    with Pool(2) as pool:
        squares = pool.map(square, [1, 2, 3, 4])
    processes = [Process(target=show, args=(n,)) for n in squares]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

from multiprocessing import Pool, current_process


def show(n):
    print(current_process().name, "got", n)


if __name__ == "__main__":
    with Pool(2) as pool:
        pool.map(show, [10, 20, 30])

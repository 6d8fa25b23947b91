from multiprocessing import Pool, Process


def square(n):
    return n * n


def hello():
    print("hello from a process")


if __name__ == "__main__":
    p = Process(target=hello)
    p.start()
    with Pool(2) as pool:
        print(pool.map(square, range(4)))
    p.join()

from multiprocessing import Process


def table(n):
    for i in range(1, 4):
        print(n, "x", i, "=", n * i)


if __name__ == "__main__":
    processes = [Process(target=table, args=(n,)) for n in (11, 13, 17, 19)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    processes = [Process(target=show, args=(n,)) for n in (-2, -1, 1, 2)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

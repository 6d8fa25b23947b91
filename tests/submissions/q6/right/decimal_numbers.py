from multiprocessing import Process


def show(x):
    print("x =", x)


if __name__ == "__main__":
    processes = [Process(target=show, args=(x,)) for x in (1.2, 2.1, 1.1, 2.2)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

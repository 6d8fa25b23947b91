from multiprocessing import Process


def double(x):
    print(2 * x)


if __name__ == "__main__":
    p = Process(target=double, args=[5])
    p.start()
    p.join()

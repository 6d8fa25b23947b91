import multiprocessing


def show(n):
    print(n)


if __name__ == "__main__":
    ps = [multiprocessing.Process(target=show, args=(i,)) for i in range(4)]
    [p.start() for p in ps]
    [p.join() for p in ps]

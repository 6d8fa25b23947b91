from multiprocessing import Process


def ten():
    print(10)


def eleven():
    print(11)


def twelve():
    print(12)


def thirteen():
    print(13)


if __name__ == "__main__":
    processes = [Process(target=f) for f in (ten, eleven, twelve, thirteen)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

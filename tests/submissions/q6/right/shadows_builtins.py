from multiprocessing import Process


def id(int):
    print(int)


if __name__ == "__main__":
    list = [1, 2, 3, 4]
    all = []
    for next in list:
        all.append(Process(target=id, args=(next,)))
    for next in all:
        next.start()
    for next in all:
        next.join()

import multiprocessing


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(4):
        multiprocessing.Process(target=show, args=(n,)).start()
    for child in multiprocessing.active_children():
        child.join()

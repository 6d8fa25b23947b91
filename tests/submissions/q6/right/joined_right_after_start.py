from multiprocessing import Process


def show(n):
    print("Process", n)


if __name__ == "__main__":
    for i in range(1, 5):
        p = Process(target=show, args=(i,))
        p.start()
        p.join()

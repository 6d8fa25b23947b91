from multiprocessing import Process


def add_up():
    total = 0
    for i in range(1000):
        total += i


if __name__ == "__main__":
    p = Process(target=add_up)
    p.start()
    p.join()

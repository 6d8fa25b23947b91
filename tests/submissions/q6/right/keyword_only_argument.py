from multiprocessing import Process


def show(*, number):
    print(number)


if __name__ == "__main__":
    processes = [Process(target=show, kwargs=dict(number=n)) for n in (2, 3, 5, 7)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

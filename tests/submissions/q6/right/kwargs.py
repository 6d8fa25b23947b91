from multiprocessing import Process


def show(number, text="number"):
    print(text, number)


if __name__ == "__main__":
    processes = [Process(target=show, kwargs={"number": n}) for n in range(100, 104)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

from multiprocessing import Process, Value


def show(counter):
    with counter.get_lock():
        counter.value += 1
        print(counter.value)


if __name__ == "__main__":
    counter = Value("i", 0)
    processes = [Process(target=show, args=(counter,)) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

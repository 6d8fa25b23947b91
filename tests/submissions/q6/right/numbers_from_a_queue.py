from multiprocessing import Process, Queue


def show(numbers):
    print("I took", numbers.get())


if __name__ == "__main__":
    numbers = Queue()
    for n in (7, 14, 21, 28):
        numbers.put(n)
    processes = [Process(target=show, args=(numbers,)) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

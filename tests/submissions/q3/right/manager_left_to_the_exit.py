import multiprocessing


def add(numbers):
    numbers.append(4)


if __name__ == "__main__":
    manager = multiprocessing.Manager()
    numbers = manager.list([1, 2, 3])
    p = multiprocessing.Process(target=add, args=(numbers,))
    p.start()
    p.join()
    print(list(numbers))

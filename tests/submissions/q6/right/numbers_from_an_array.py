from multiprocessing import Array, Process


def show(numbers, i):
    print(numbers[i])


if __name__ == "__main__":
    numbers = Array("i", [4, 8, 15, 16])
    processes = [Process(target=show, args=(numbers, i)) for i in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

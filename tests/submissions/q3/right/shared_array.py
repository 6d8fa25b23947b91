import multiprocessing


def fill(numbers):
    for i in range(len(numbers)):
        numbers[i] = i * i


if __name__ == "__main__":
    numbers = multiprocessing.Array("i", 5)
    p = multiprocessing.Process(target=fill, args=(numbers,))
    p.start()
    p.join()
    print(numbers[:])

import multiprocessing


def sum(numbers):
    total = 0
    for n in numbers:
        total += n
    return total


def main():
    with multiprocessing.Pool(2) as pool:
        list = pool.map(sum, [[1, 2], [3, 4], [5, 6]])
    print(list)


if __name__ == "__main__":
    main()

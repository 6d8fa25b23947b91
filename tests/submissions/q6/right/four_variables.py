import multiprocessing


def print_number(num):
    print(f"The number is {num}")


if __name__ == "__main__":
    p1 = multiprocessing.Process(target=print_number, args=(1,))
    p2 = multiprocessing.Process(target=print_number, args=(2,))
    p3 = multiprocessing.Process(target=print_number, args=(3,))
    p4 = multiprocessing.Process(target=print_number, args=(4,))

    p1.start()
    p2.start()
    p3.start()
    p4.start()

    p1.join()
    p2.join()
    p3.join()
    p4.join()

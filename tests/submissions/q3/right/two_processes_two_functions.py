import multiprocessing


def square(n):
    print("square:", n * n)


def cube(n):
    print("cube:", n * n * n)


if __name__ == "__main__":
    p1 = multiprocessing.Process(target=square, args=(4,))
    p2 = multiprocessing.Process(target=cube, args=(4,))
    p1.start()
    p2.start()
    p1.join()
    p2.join()
    print("both done")

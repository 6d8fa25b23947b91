from functools import partial
from multiprocessing import Process


def multiply(a, b):
    print(a * b)


if __name__ == "__main__":
    p = Process(target=partial(multiply, 6), args=(7,))
    p.start()
    p.join()

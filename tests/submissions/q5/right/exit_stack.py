from contextlib import ExitStack
from multiprocessing import Pool


def square(n):
    return n * n


if __name__ == "__main__":
    with ExitStack() as stack:
        pool = stack.enter_context(Pool(2))
        print(pool.map(square, range(4)))

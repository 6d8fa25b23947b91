# fails: ran_clean
# says: TypeError
from multiprocessing import Process


def square(n):
    return n * n


if __name__ == "__main__":
    p = Process(target=square(5))
    p.start()
    p.join()

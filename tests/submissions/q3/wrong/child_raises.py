# fails: ran_clean
# says: ZeroDivisionError
from multiprocessing import Process


def divide(a, b):
    print(a / b)


if __name__ == "__main__":
    p = Process(target=divide, args=(1, 0))
    p.start()
    p.join()

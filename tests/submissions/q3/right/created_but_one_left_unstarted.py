# The second object is never started: untidy, but nothing that is asked for is missing.
from multiprocessing import Process


def work():
    print("work")


if __name__ == "__main__":
    p1 = Process(target=work)
    p2 = Process(target=work)
    p1.start()
    p1.join()

import atexit
from multiprocessing import Process


def work():
    print("work")


if __name__ == "__main__":
    atexit.register(print, "good bye")
    p = Process(target=work)
    p.start()
    p.join()

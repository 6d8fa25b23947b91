import threading
from multiprocessing import Process


def work():
    print("in the process")


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    waiter = threading.Thread(target=p.join)
    waiter.start()
    waiter.join()

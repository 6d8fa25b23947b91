import time
from multiprocessing import Process


def work():
    print("the real work")


def forever():
    time.sleep(30)


if __name__ == "__main__":
    worker = Process(target=work)
    stuck = Process(target=forever)
    worker.start()
    stuck.start()
    worker.join()
    stuck.kill()
    stuck.join()

import time
from multiprocessing import Process


def work():
    print("the real work")


def tick():
    while True:
        time.sleep(0.1)


if __name__ == "__main__":
    worker = Process(target=work)
    clock = Process(target=tick)
    worker.start()
    clock.start()
    worker.join()
    clock.terminate()
    clock.join()
    print("clock ended with", clock.exitcode)

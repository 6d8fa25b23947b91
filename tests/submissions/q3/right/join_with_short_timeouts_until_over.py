import time
from multiprocessing import Process


def slow():
    time.sleep(0.3)


if __name__ == "__main__":
    p = Process(target=slow)
    p.start()
    while p.is_alive():
        p.join(0.05)
        print("still waiting")

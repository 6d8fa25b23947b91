import time
from multiprocessing import Process


def nap():
    print("sleeping")
    time.sleep(0.3)
    print("awake")


if __name__ == "__main__":
    start = time.time()
    p = Process(target=nap)
    p.start()
    p.join()
    print("took", round(time.time() - start, 2), "s")

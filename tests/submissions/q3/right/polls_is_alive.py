import time
from multiprocessing import Process


def boil():
    time.sleep(0.2)
    print("the water boils")


if __name__ == "__main__":
    p = Process(target=boil)
    p.start()
    while p.is_alive():
        time.sleep(0.05)
    print("tea time")

# fails: ran_clean
# says: 2 s
# time-limit: 2
import time
from multiprocessing import Process


def watch():
    while True:
        time.sleep(1)


if __name__ == "__main__":
    p = Process(target=watch)
    p.start()
    p.join()

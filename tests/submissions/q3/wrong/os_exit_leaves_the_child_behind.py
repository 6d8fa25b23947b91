# fails: ran_clean
# says: sleeper
import os
import time
from multiprocessing import Process


def work():
    time.sleep(30)


if __name__ == "__main__":
    p = Process(target=work, name="sleeper")
    p.start()
    os._exit(0)

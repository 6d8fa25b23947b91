# fails: process_started
# says: run()
# says: start()
import os
from multiprocessing import Process


def greet():
    print("hello from", os.getpid())


if __name__ == "__main__":
    p = Process(target=greet)
    p.run()

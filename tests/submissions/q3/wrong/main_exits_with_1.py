# fails: ran_clean
# says: code 1
import sys
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    p.join()
    sys.exit(1)

# fails: ran_clean
# says: code 3
import sys
from multiprocessing import Process


def work():
    print("something is missing")
    sys.exit(3)


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    p.join()

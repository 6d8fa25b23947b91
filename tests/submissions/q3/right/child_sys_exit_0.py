import sys
from multiprocessing import Process


def work():
    print("all went well")
    sys.exit(0)


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    p.join()

import sys
from multiprocessing import Process


def work():
    print("work")


def main():
    p = Process(target=work)
    p.start()
    p.join()
    return 0


if __name__ == "__main__":
    sys.exit(main())

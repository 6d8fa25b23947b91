from multiprocessing import Process
from multiprocessing.connection import wait


def work():
    print("working")


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    wait([p.sentinel])
    print("it has ended")

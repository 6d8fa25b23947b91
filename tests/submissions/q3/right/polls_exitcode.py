import time
from multiprocessing import Process


def work():
    print("work is done")


if __name__ == "__main__":
    p = Process(target=work)
    p.start()
    while p.exitcode is None:
        time.sleep(0.02)
    print("exit code", p.exitcode)

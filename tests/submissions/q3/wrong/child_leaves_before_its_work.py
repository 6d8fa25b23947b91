# fails: work_in_child
# says: quitter
import os
from multiprocessing import Process


def work():
    os._exit(0)
    print("the work")


if __name__ == "__main__":
    p = Process(target=work, name="quitter")
    p.start()
    p.join()

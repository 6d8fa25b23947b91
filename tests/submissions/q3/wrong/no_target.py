# fails: work_in_child
# says: target
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process()
    p.start()
    greet()
    p.join()

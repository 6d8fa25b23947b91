# fails: process_started
# says: dummy
# says: thread
from multiprocessing.dummy import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    p.join()

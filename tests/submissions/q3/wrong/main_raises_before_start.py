# fails: ran_clean
# says: ValueError
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    count = int("one")
    p.start()
    p.join()

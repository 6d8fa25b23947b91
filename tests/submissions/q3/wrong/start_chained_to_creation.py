# fails: ran_clean
# says: AttributeError
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet).start()
    p.join()

# fails: ran_clean
# says: join()
# says: start()
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.join()
    p.start()

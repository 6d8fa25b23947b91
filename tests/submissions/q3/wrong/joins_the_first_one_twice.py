# fails: joined
# says: cooker
from multiprocessing import Process


def wash():
    print("washing")


def cook():
    print("cooking")


if __name__ == "__main__":
    p1 = Process(target=wash, name="washer")
    p2 = Process(target=cook, name="cooker")
    p1.start()
    p2.start()
    p1.join()
    p1.join()

# fails: joined
# says: join()
import time
from multiprocessing import Process


def greet():
    print("hello")


if __name__ == "__main__":
    p = Process(target=greet)
    p.start()
    time.sleep(0.5)
    print("it will be over by now")

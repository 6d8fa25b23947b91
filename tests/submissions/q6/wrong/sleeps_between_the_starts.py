# fails: joined
# says: join()
import time
from multiprocessing import Process


def show(n):
    print(n)


if __name__ == "__main__":
    for n in range(1, 5):
        p = Process(target=show, args=(n,))
        p.start()
        time.sleep(0.2)

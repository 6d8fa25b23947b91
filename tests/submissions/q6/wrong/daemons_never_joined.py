# fails: joined
# says: join()
import time
from multiprocessing import Process, Semaphore


def show(n, printed):
    print(n)
    printed.release()


if __name__ == "__main__":
    printed = Semaphore(0)
    for n in range(1, 5):
        Process(target=show, args=(n, printed), daemon=True).start()
    for n in range(1, 5):
        printed.acquire()
    time.sleep(0.5)

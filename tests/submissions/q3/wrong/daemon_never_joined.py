# fails: joined
# says: join()
import time
from multiprocessing import Process, Semaphore


def backup(finished):
    print("backup finished")
    finished.release()


if __name__ == "__main__":
    finished = Semaphore(0)
    p = Process(target=backup, args=(finished,), daemon=True)
    p.start()
    finished.acquire()
    time.sleep(0.5)

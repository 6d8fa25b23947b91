# fails: work_in_child
# says: sleeper
import time
from multiprocessing import Process


def work():
    time.sleep(30)
    print("the work")


if __name__ == "__main__":
    p = Process(target=work, name="sleeper")
    p.start()
    p.terminate()
    p.join()

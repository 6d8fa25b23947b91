# fails: work_in_child
# says: backup
import time
from multiprocessing import Process


def copy_files():
    time.sleep(30)
    print("backup finished")


if __name__ == "__main__":
    p = Process(target=copy_files, name="backup", daemon=True)
    p.start()
    print("main is done")

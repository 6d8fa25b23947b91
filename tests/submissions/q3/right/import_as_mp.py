import multiprocessing as mp
import os


def whoami():
    print("child", os.getpid(), "of", os.getppid())


if __name__ == "__main__":
    print("parent", os.getpid())
    child = mp.Process(target=whoami)
    child.start()
    child.join()
    print("done")

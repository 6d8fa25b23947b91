"""A right answer, and a child that stays and of which the first thread has ended."""
import ctypes
import os
import threading
import time

from four import four


def stay():
    time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    four()
    if os.fork() == 0:
        threading.Thread(target=stay).start()
        ctypes.CDLL(None).pthread_exit(None)
    time.sleep(0.2)

"""Sixty processes, each of which ends its first thread."""
import ctypes
import os
import threading
import time


def stay():
    time.sleep(60)
    os._exit(0)


if __name__ == "__main__":
    for _ in range(60):
        if os.fork() == 0:
            break
    threading.Thread(target=stay).start()
    ctypes.CDLL(None).pthread_exit(None)

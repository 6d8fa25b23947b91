"""Ends its first thread, and takes 400 MiB in another."""
import ctypes
import os
import threading
import time


def take():
    time.sleep(0.2)
    kept = bytes([1]) * (400 << 20)
    time.sleep(60)
    os._exit(len(kept) & 1)


if __name__ == "__main__":
    threading.Thread(target=take).start()
    ctypes.CDLL(None).pthread_exit(None)

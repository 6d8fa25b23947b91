"""Ends its first thread alone, and computes on in another: to the system it looks as if it had
ended."""
import ctypes
import threading
import time


def compute():
    while time.process_time() < 30:
        pass


if __name__ == "__main__":
    threading.Thread(target=compute).start()
    ctypes.CDLL(None).pthread_exit(None)

"""A right answer, and a process that stays in a PID namespace of its own, where it may."""
import ctypes
import os
import time

from four import four

CLONE_NEWUSER, CLONE_NEWPID = 0x10000000, 0x20000000

if __name__ == "__main__":
    four()
    done = ctypes.CDLL(None).unshare(CLONE_NEWUSER | CLONE_NEWPID)
    print("UNSHARED" if done == 0 else "REFUSED", flush=True)
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)

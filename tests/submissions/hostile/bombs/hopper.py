"""A right answer, and behind it a process that forks and ends at once, in an endless chain of
ever new PIDs: for 20 seconds if nothing stops it."""
import os
import time

from four import four

if __name__ == "__main__":
    four()
    end = time.monotonic() + 20
    if os.fork() == 0:
        os.setsid()
        while time.monotonic() < end:
            if os.fork():
                os._exit(0)

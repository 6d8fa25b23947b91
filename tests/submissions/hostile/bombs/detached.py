"""Forks twice and leaves its session, again and again: 60 daemons if nothing stops it."""
import os
import time

for _ in range(60):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            time.sleep(60)
        os._exit(0)
    os.wait()
time.sleep(60)

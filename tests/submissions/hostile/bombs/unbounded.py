"""Forks and forks, from every process at once, for no longer than 15 seconds."""
import os
import time

END = time.monotonic() + 15

while time.monotonic() < END:
    try:
        os.fork()
    except OSError:
        time.sleep(0.1)

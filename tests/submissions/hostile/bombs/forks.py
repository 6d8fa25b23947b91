"""Each process forks and goes on forking: 256 of them if nothing stops it."""
import os
import time

for _ in range(8):
    os.fork()
time.sleep(60)

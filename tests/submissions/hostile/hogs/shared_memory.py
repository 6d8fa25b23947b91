"""Fills /dev/shm with 400 MiB under names that are not multiprocessing's."""
import os
import time

for number in range(10):
    try:
        with open(f"/dev/shm/hostile-{os.getpid()}-{number}", "wb") as file:
            file.write(bytes([1]) * (40 << 20))
    except OSError as error:
        print("REFUSED", error.strerror, flush=True)
time.sleep(60)

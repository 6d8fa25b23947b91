"""Writes 80 MiB into each folder that it may write to."""
import os
import pathlib
import time

for folder in (".", pathlib.Path.home(), "/var/tmp", "/dev/shm", "/tmp"):
    for number in range(10):
        try:
            with open(f"{folder}/hostile-{os.getpid()}-{number}", "wb") as file:
                file.write(bytes(8 << 20))
        except OSError as error:
            print("REFUSED", error.strerror, flush=True)
time.sleep(60)

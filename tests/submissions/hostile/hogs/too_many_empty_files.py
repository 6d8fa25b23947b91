"""Twenty thousand temporary files with nothing in them, below many folders."""
import os
import tempfile
import time

if __name__ == "__main__":
    os.chdir(tempfile.gettempdir())
    for _ in range(500):
        os.mkdir("d")
        os.chdir("d")
    for number in range(20_000):
        os.mknod(f"{number}")
    time.sleep(60)

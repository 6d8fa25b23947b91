"""Before the four processes a command is run whose exit code the program reads."""

import subprocess
import sys
from multiprocessing import Process


def show(number):
    print(number)


if __name__ == "__main__":
    found = subprocess.run([sys.executable, "-c", "raise SystemExit(1)"]).returncode == 0
    processes = [Process(target=show, args=(number,)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    print("found" if found else "not found")

"""A right answer, and 400 processes that live for a moment, one after the other."""
import os

from four import four

if __name__ == "__main__":
    four()
    for _ in range(400):
        if os.fork() == 0:
            os._exit(0)
        os.wait()

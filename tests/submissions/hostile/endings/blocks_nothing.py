"""A right answer with a standard output that refuses what does not fit (O_NONBLOCK)."""
import os

from four import four

if __name__ == "__main__":
    os.set_blocking(1, False)
    four()

"""A right answer, and an exit handler that ends the program with exit code 3."""
import atexit
import os

from four import four

if __name__ == "__main__":
    atexit.register(os._exit, 3)
    four()

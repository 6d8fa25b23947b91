"""Raises an error, and has an exit handler that ends it with exit code 0."""
import atexit
import os

from four import four

if __name__ == "__main__":
    atexit.register(os._exit, 0)
    four()
    raise ValueError("nobody shall see this")

"""A right answer, and 5,000 temporary files with nothing in them."""
import os
import tempfile

from four import four

if __name__ == "__main__":
    folder = tempfile.mkdtemp()
    for number in range(5000):
        os.mknod(f"{folder}/{number}")
    four()

"""A right answer, and 3,000 temporary folders, each in the one before."""
import os
import tempfile

from four import four

if __name__ == "__main__":
    four()
    os.chdir(tempfile.gettempdir())
    for _ in range(3000):
        os.mkdir("d")
        os.chdir("d")

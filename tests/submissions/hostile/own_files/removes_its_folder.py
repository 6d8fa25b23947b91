"""A right answer, after which the program removes everything beside it, and itself."""
import os
import shutil

from four import four

if __name__ == "__main__":
    four()
    shutil.rmtree(os.path.dirname(os.path.abspath(__file__)), ignore_errors=True)

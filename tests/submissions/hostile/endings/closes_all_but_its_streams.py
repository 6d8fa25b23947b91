"""A right answer, after closing all descriptors but for the standard ones."""
import os

from four import four

if __name__ == "__main__":
    os.closerange(3, 1024)
    four()

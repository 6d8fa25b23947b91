"""Four processes forked with a closed standard output."""
import sys

from four import four

if __name__ == "__main__":
    sys.stdout.close()
    four()

"""A right answer, and before it 4 MiB on each stream."""
import sys

from four import four

if __name__ == "__main__":
    for _ in range(4 << 10):
        sys.stdout.write("x" * 1024)
        sys.stderr.write("x" * 1024)
    print()
    four()

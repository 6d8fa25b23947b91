"""A right answer, and an exit handler that does not come back."""
import atexit
import time

from four import four

if __name__ == "__main__":
    atexit.register(time.sleep, 60)
    four()

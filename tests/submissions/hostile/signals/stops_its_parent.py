"""A right answer, and a signal to its parent that stops it."""
import os
import signal

from four import four

if __name__ == "__main__":
    try:
        os.kill(os.getppid(), signal.SIGSTOP)
    except PermissionError:
        pass
    four()

"""A right answer, and every signal that could end its parent."""
import os
import signal

from four import four

if __name__ == "__main__":
    for number in signal.valid_signals() - {signal.SIGSTOP, signal.SIGTSTP}:
        try:
            os.kill(os.getppid(), number)
        except (PermissionError, ProcessLookupError):
            pass
    four()

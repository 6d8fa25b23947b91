"""A right answer, and before it SIGKILL to all that it may kill, in every way."""
import os
import signal

from four import four


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except (PermissionError, ProcessLookupError):
        pass


if __name__ == "__main__":
    kill(-1)
    for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
        if pid != os.getpid():
            kill(pid)
    for pid in range(2, 400):
        if pid != os.getpid():
            kill(pid)
    four()

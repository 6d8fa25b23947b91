"""A right answer, and a daemon in the background: forked twice, in a session of its own, without
descriptors, deaf to signals, with a name that breaks up a line of /proc/PID/stat."""
import ctypes
import os
import signal
import time

from four import four

PR_SET_NAME = 15

if __name__ == "__main__":
    four()
    ready, told = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            ctypes.CDLL(None).prctl(PR_SET_NAME, b") Z 1 1 1 (", 0, 0, 0)
            os.write(told, b"!")
            os.closerange(0, 256)
            time.sleep(60)
        os._exit(0)
    os.wait()
    os.read(ready, 1)

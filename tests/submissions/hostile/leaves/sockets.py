"""A right answer, and Unix sockets: an abstract one, one in a file, and one handed to a
process that stays behind and holds it."""
import os
import socket
import tempfile
import time

from four import four

if __name__ == "__main__":
    four()
    abstract, local = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
    abstract.bind("\0hostile")
    local.bind(f"{tempfile.mkdtemp()}/socket")
    if os.fork() == 0:
        os.setsid()
        time.sleep(60)

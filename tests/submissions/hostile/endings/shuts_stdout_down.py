"""Four processes, after the connection behind standard output was shut down."""
import os
import socket

from four import four

if __name__ == "__main__":
    socket.socket(fileno=os.dup(1)).shutdown(socket.SHUT_RDWR)
    four()

"""A right answer, and calls to servers of this machine: TCP and an abstract Unix socket."""
import socket

from four import four

if __name__ == "__main__":
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 5999)),
        (socket.AF_INET, ("0.0.0.0", 5999)),
        (socket.AF_UNIX, "\0grade-witness"),
    ):
        with socket.socket(family) as sock:
            sock.settimeout(3)
            try:
                sock.connect(address)
            except OSError as error:
                print("REFUSED", error.strerror)
            else:
                print("BREACH-7d1f: called", repr(address))
    four()

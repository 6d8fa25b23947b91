"""A right answer, and reports of up to 100 MiB."""
import os
import socket

from four import four

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]

if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
        for size in (1 << 16, 1 << 17, 1 << 20, 100 << 20):
            try:
                sock.sendto(b'{"kind": "' + b"x" * size + b'"}', PATH)
            except OSError:
                print("REFUSED", size)
    four()

"""A right answer, and calls to the world outside, by TCP, UDP and name."""
import socket

from four import four

if __name__ == "__main__":
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as sock:
            sock.settimeout(3)
            try:
                sock.connect(("198.51.100.1", 5999))
                sock.send(b"here I am")
            except OSError as error:
                print("REFUSED", error.strerror)
            else:
                print("BREACH-7d1f: called outside")
    try:
        socket.getaddrinfo("example.org", 80)
        print("BREACH-7d1f: resolved a name")
    except OSError as error:
        print("REFUSED", error.strerror)
    four()

"""A right answer, and 2,000 reports that are none: no JSON, no objects, far too deep, too long."""
import os
import socket

from four import four

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]
REPORTS = (
    b"",
    b"\0" * 1000,
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"kind":' * 5000,
    b'{"kind": "started"}',
    b'{"kind": "started", "kind": "started", "pid": "1", "time": []}',
    b'{"kind": "hello", "pid": %d, "time": NaN, "argv": []}' % os.getpid(),
    b'{"kind": "hello", "pid": %d, "time": 1e999, "argv": []}' % os.getpid(),
    b'{"kind": "hello", "pid": 1' + b"0" * 40_000 + b"}",
    b'"' + b"x" * 60_000 + b'"',
    b'{"kind": "clue", "pid": %d, "time": 0, "sign": "\\ud800", "detail": ""}' % os.getpid(),
)

if __name__ == "__main__":
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        for number in range(2000):
            try:
                sock.sendto(REPORTS[number % len(REPORTS)], PATH)
            except OSError as error:
                print("REFUSED", error.strerror)
                break
    four()

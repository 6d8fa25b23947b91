"""A right answer, and behind it up to 300,000 reports that could all be true."""
import os
import socket
import time

from four import four

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]
KINDS = (
    '"kind": "clue", "sign": "thread", "detail": "%s"' % ("x" * 390),
    '"kind": "error", "text": "%s", "file": "", "line": 0' % ("x" * 390),
    '"kind": "created", "number": 7, "name": "%s", "target": null' % ("x" * 390),
    '"kind": "hello", "argv": [%s]' % ", ".join(['"x"'] * 100),
    '"kind": "resource", "type": "semaphore", "name": "%s"' % ("x" * 390),
    '"kind": "waiting", "child": 1, "how": "join", "at_exit": false',
)

if __name__ == "__main__":
    four()
    end = time.monotonic() + 1
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        for number in range(300_000):
            report = '{%s, "pid": %d, "time": %f}' % (
                KINDS[number % len(KINDS)],
                os.getpid(),
                time.monotonic(),
            )
            try:
                sock.sendto(report.encode(), PATH)
            except OSError as error:
                print("REFUSED", error.strerror)
                break
            if time.monotonic() > end:
                break

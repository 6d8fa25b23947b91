"""A right answer, and reports as long as they may be, of which the observer need keep nothing: it
looks whether its parent has grown by more than 150 MB of them."""
import json
import os
import socket
import time

from four import four

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]
KINDS = (
    {"kind": "wrote", "stream": "stdout", "data": "x" * 60_000},
    {"kind": "hello", "argv": ["x" * 390] * 150},
)


def memory(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096


if __name__ == "__main__":
    four()
    before = memory(os.getppid())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        for number in range(3500):
            report = KINDS[number % 2] | {"pid": os.getpid(), "time": time.monotonic()}
            try:
                sock.sendto(json.dumps(report).encode(), PATH)
            except OSError as error:
                print("REFUSED", error.strerror)
                break
    if memory(os.getppid()) - before > 150 << 20:
        print("BREACH-7d1f: made its observer take", memory(os.getppid()) - before, "bytes")

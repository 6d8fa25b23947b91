"""One process that prints four numbers, and reports that the system had no room for more."""
import errno
import json
import multiprocessing
import os
import socket
import time

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]

for number in range(1, 5):
    print(number, flush=True)
    report = {"kind": "start failed", "pid": os.getpid(), "time": time.monotonic()}
    report |= {"number": number, "errno": errno.EAGAIN}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        try:
            sock.sendto(json.dumps(report).encode(), PATH)
        except OSError as error:
            print("REFUSED", error.strerror)

"""A right answer, and 2,000 messages to the observer that each carry 200 descriptors: to the
probe's address, and over standard output."""
import array
import os
import socket

from four import four

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]

if __name__ == "__main__":
    null = os.open("/dev/null", os.O_RDONLY)
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [null] * 200))]
    report = b'{"kind": "started", "pid": %d, "time": 0}' % os.getpid()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as probe:
        stdout = socket.socket(fileno=os.dup(1))
        for _ in range(1000):
            for send in (
                lambda: stdout.sendmsg([b"x"], rights),
                lambda: probe.sendmsg([report], rights, 0, PATH),
            ):
                try:
                    send()
                except OSError:
                    pass
    print()
    four()

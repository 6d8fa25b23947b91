"""One process that prints four numbers, and reports to the observer of four processes that
there never were."""
import json
import multiprocessing
import os
import socket
import time

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]


def report(kind, pid=None, **fields):
    fields |= {"kind": kind, "pid": pid or os.getpid(), "time": time.monotonic()}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        try:
            sock.sendto(json.dumps(fields).encode(), PATH)
        except OSError as error:
            print("REFUSED", error.strerror)


for number in range(1, 5):
    child = 30_000 + number
    name = f"Process-{number}"
    report("created", number=number, name=name, target="show")
    report(
        "started", child=child, number=number, name=name, target="show",
        module="__main__", daemon=False, method="fork", pool=0,
    )
    report("begun", pid=child, parent=os.getpid(), name=name, target="show", module="__main__")
    report("wrote", pid=child, stream="stdout", data=f"{number}\n")
    print(number, flush=True)
    report("finished", pid=child, exit_code=0, cpu_time=0.01)
    report("waited", child=child, how="join", saw_end=True, exit_code=0, at_exit=False)

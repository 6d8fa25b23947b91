"""Four processes that print nothing; the program prints for them, and says they did."""
import json
import os
import socket
import time
from multiprocessing import Process

PATH = os.environ.get("GRADER_PROBE", "").partition(":")[2]


def report(pid, **fields):
    fields |= {"pid": pid, "time": time.monotonic()}
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        try:
            sock.sendto(json.dumps(fields).encode(), PATH)
        except OSError as error:
            print("REFUSED", error.strerror)


if __name__ == "__main__":
    processes = [Process(target=time.sleep, args=(0.2,)) for _ in range(4)]
    for number, process in enumerate(processes):
        process.start()
        print(number, flush=True)
        for pid in (process.pid, os.getpid()):
            report(pid, kind="wrote", stream="stdout", data=f"{number}\n")
    for process in processes:
        process.join()

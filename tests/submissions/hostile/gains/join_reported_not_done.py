"""Four processes that it reports to have joined, and of which it only knows that they have
ended: no call of the program waits for them."""
import os
import sys
import time
from multiprocessing import Event, Process


def show(number, all_started):
    all_started.wait()
    print(number)


def has_ended(pid):
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()[0] == "Z"


if __name__ == "__main__":
    all_started = Event()
    processes = [Process(target=show, args=(number, all_started)) for number in range(1, 5)]
    for process in processes:
        process.start()
    all_started.set()
    while not all(has_ended(process.pid) for process in processes):
        time.sleep(0.01)
    channel = sys.modules["grader_probe.channel"]
    for process in processes:
        channel.send(
            "waited", child=process.pid, how="join", saw_end=True, exit_code=0, at_exit=False
        )
    os._exit(0)

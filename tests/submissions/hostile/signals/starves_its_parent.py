"""Makes its parent wait behind everybody (sched(7)) and the first to be killed when memory is
short, as far as it may, and computes without end in 16 processes."""
import os
import time
from multiprocessing import Process


def attempt(function, *args):
    try:
        function(*args)
    except OSError as error:
        print("REFUSED", error.strerror, flush=True)


def set_score(pid):
    with open(f"/proc/{pid}/oom_score_adj", "w") as file:
        file.write("1000")


def compute():
    while time.process_time() < 60:
        pass


if __name__ == "__main__":
    parent = os.getppid()
    attempt(os.sched_setscheduler, parent, os.SCHED_IDLE, os.sched_param(0))
    attempt(os.setpriority, os.PRIO_PROCESS, parent, 19)
    attempt(set_score, parent)
    processes = [Process(target=compute) for _ in range(16)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

"""Four processes that it reports to have joined while they still run."""
import sys
import time
from multiprocessing import Process


def show(number):
    print(number)
    time.sleep(0.5)


if __name__ == "__main__":
    processes = [Process(target=show, args=(number,)) for number in range(1, 5)]
    channel = sys.modules["grader_probe.channel"]
    for process in processes:
        process.start()
        channel.send(
            "waited", child=process.pid, how="join", saw_end=True, exit_code=0, at_exit=False
        )

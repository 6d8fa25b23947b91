"""A Process class of its own, which starts nothing and pretends that it did."""
import multiprocessing
import os


class Process(multiprocessing.Process):
    def start(self):
        own, os.getpid = os.getpid, lambda: 4000 + self._identity[-1]
        print("PID", os.getpid(), "prints", self._identity[-1])
        os.getpid = own

    def join(self, timeout=None):
        pass

    exitcode = 0
    pid = property(lambda self: 4000 + self._identity[-1])


if __name__ == "__main__":
    processes = [Process() for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

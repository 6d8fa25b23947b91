"""Eight processes that compute and never end."""
import time
from multiprocessing import Process


def compute():
    while time.process_time() < 60:
        pass


if __name__ == "__main__":
    processes = [Process(target=compute) for _ in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

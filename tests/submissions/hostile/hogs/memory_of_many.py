"""Ten processes that take 50 MiB each."""
import time
from multiprocessing import Process


def take():
    kept = bytes([1]) * (50 << 20)
    time.sleep(60)
    return kept


if __name__ == "__main__":
    processes = [Process(target=take) for _ in range(10)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

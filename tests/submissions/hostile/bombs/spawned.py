"""Processes started with spawn, 30 of them if nothing stops it."""
import multiprocessing
import time

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=time.sleep, args=(60,)) for _ in range(30)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()

"""A right answer, and shared memory and semaphores of multiprocessing that nobody removes."""
import os
from multiprocessing import Semaphore, resource_tracker
from multiprocessing.shared_memory import SharedMemory

from four import four

if __name__ == "__main__":
    four()
    kept = [SharedMemory(create=True, size=4096) for _ in range(5)], [Semaphore() for _ in range(5)]
    os._exit(0)

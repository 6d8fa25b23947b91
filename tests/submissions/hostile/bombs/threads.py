"""A right answer, and 200 threads that wait meanwhile."""
import threading

from four import four

if __name__ == "__main__":
    done = threading.Event()
    threads = [threading.Thread(target=done.wait, args=(60,)) for _ in range(200)]
    for thread in threads:
        thread.start()
    four()
    done.set()

# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Lock, Process


def say(lock, text):
    with lock:
        print(text)


def show(lock, n):
    with lock:
        say(lock, n)


if __name__ == "__main__":
    lock = Lock()
    processes = [Process(target=show, args=(lock, n)) for n in range(1, 5)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

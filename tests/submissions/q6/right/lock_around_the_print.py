from multiprocessing import Lock, Process


def show(lock, n):
    with lock:
        print("hello world", n)


if __name__ == "__main__":
    lock = Lock()
    processes = [Process(target=show, args=(lock, n)) for n in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

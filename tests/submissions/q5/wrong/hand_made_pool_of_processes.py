# fails: pool_created
# says: Process
from multiprocessing import Process, Queue


def worker(tasks, results):
    for n in iter(tasks.get, None):
        results.put(n * n)


if __name__ == "__main__":
    tasks, results = Queue(), Queue()
    workers = [Process(target=worker, args=(tasks, results)) for _ in range(2)]
    for w in workers:
        w.start()
    for n in range(5):
        tasks.put(n)
    for w in workers:
        tasks.put(None)
    print(sorted(results.get() for _ in range(5)))
    for w in workers:
        w.join()

# fails: four_processes
# says: 5
from multiprocessing import Process, Queue


def show(n, seen):
    print(n)
    seen.put(n)


def collect(seen):
    print("sum:", sum(seen.get() for _ in range(4)))


if __name__ == "__main__":
    seen = Queue()
    processes = [Process(target=show, args=(n, seen)) for n in range(4)]
    processes.append(Process(target=collect, args=(seen,)))
    for p in processes:
        p.start()
    for p in processes:
        p.join()

# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Process, Queue


def show(q):
    print(q.get())


if __name__ == "__main__":
    q = Queue()
    for n in (1, 2, 3):
        q.put(n)
    processes = [Process(target=show, args=(q,)) for _ in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()

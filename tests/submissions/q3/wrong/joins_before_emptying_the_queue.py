# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Process, Queue


def fill(q):
    q.put("x" * 1_000_000)


if __name__ == "__main__":
    q = Queue()
    p = Process(target=fill, args=(q,))
    p.start()
    p.join()
    print(len(q.get()))

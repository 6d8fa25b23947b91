# fails: ran_clean
# says: 2 s
# time-limit: 2
from multiprocessing import Process, Queue


def show(q):
    print(q.get())


if __name__ == "__main__":
    q = Queue()
    p = Process(target=show, args=(q,))
    p.start()
    p.join()

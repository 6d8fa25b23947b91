# fails: joined
# says: join()
from multiprocessing import Process, Queue


def square(n, q):
    q.put(n * n)


if __name__ == "__main__":
    q = Queue()
    p = Process(target=square, args=(6, q))
    p.start()
    print(q.get())
